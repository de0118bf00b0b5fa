"""Histories with real processes: killed with SIGKILL, links cut, disks filled and lost; then a checker judges."""
