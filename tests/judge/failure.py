"""Why a case failed, and which part of the stage cannot be used any longer."""


class CaseFailed(Exception):
    """The case does not hold for this adapter; the text says where and why."""


class AdapterBroken(CaseFailed):
    """The adapter hung, died or broke the protocol: it is killed, and the next case gets a fresh one."""


class SandboxBroken(CaseFailed):
    """The sandbox hung, died or refused a control request: it is killed, and the next case gets a fresh one."""


class CaseRefused(Exception):
    """The case file is not a case: the schema or the judge does not know something in it. Nothing was played."""


class CaseSkipped(Exception):
    """The adapter said that its language cannot do this at all; the text is its reason."""
