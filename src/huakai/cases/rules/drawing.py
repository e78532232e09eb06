"""A flow as a diagram."""

from huakai.cases.definitions import Flow


def diagram(flow: Flow, *, english: bool = False) -> str:
    """The flow as a Mermaid state diagram, drawn from the file: stages, moves and who makes them."""
    lines = ["stateDiagram-v2", f"    [*] --> {flow.start}"]
    for stage in flow.stages:
        lines.append(f'    state "{stage.title_en if english else stage.title}" as {stage.code}')
    for stage in flow.stages:
        for move in stage.moves:
            who = "/".join(w.value for w in move.by)
            lines.append(
                f"    {stage.code} --> {move.to}: {move.title_en if english else move.title} ({who})"
            )
        if stage.status != "open":
            lines.append(f"    {stage.code} --> [*]")
    return "\n".join(lines) + "\n"
