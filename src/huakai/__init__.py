"""Huakai 花开: the platform a county, district or city runs its civic service on."""
