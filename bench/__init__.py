"""Benchmarks, run by hand: `./huakai bench http`. Results are told in docs/benchmarks.md."""
