"""Sizes PostgreSQL's memory by that of the machine."""

from __future__ import annotations

import os

MIB = 2**20


# Beside what superusers keep for themselves (superuser_reserved_connections).
LEAST_CONNECTIONS = 100
MOST_CONNECTIONS = 1_000
RESERVED = 3


def parameters(memory_bytes: int, cores: int, connections: int) -> dict[str, str]:
    """Return the settings for a machine of this size that also runs the web and the worker.

    connections: how many these want; past MOST_CONNECTIONS they have to do with fewer

    Durability is never traded: fsync, synchronous_commit and full_page_writes stay on.
    """
    shared = min(max(memory_bytes // 5, 128 * MIB), 4096 * MIB) // MIB
    # Written until the next checkpoint; after it each page that changes is written as a whole once,
    # so checkpoints in quick succession cost recording most of what it writes. More than this would
    # take too long to read again after a crash.
    log = min(max(memory_bytes // 4, 1024 * MIB), 4096 * MIB) // MIB
    return {
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(memory_bytes // 2 // MIB, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(max(memory_bytes // 32 // MIB, 64), 512)}MB",
        "max_connections": str(
            min(max(connections + RESERVED, LEAST_CONNECTIONS), MOST_CONNECTIONS)
        ),
        "max_wal_size": f"{log}MB",
        "checkpoint_timeout": "15min",
        # pglz, the one method that is built in, took more than half of the time of recording.
        "wal_compression": "off",
        "random_page_cost": "1.1",
        # Nothing that we ask takes so long that compiling it would pay, and a statement over many
        # partitions looks costlier than it is. The package holds no compiler at the moment.
        "jit": "off",
        "max_worker_processes": str(max(cores, 4)),
        "max_parallel_workers_per_gather": str(min(cores // 2, 4)),
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "log_min_messages": "warning",
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "password_encryption": "scram-sha-256",
        "lc_messages": "C",
    }


def machine_size() -> tuple[int, int]:
    """Return the memory in bytes, and the number of cores."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return memory, os.cpu_count() or 1
