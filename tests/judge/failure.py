"""The ways in which a case fails, and the process that must be replaced afterwards."""


class CaseFailed(Exception):
    """The case fails with this adapter; the message says where and why."""


class AdapterBroken(CaseFailed):
    """The adapter hung, died or broke the protocol: it is killed, and the next case gets a fresh one."""


class SandboxBroken(CaseFailed):
    """The sandbox hung, died or refused a control request: it is killed, and the next case gets a fresh one."""


class CaseRefused(Exception):
    """The file is not a valid case: it contains something unknown. No step was run."""


class CaseSkipped(Exception):
    """The adapter reported that its language cannot do this; the message is its reason."""
