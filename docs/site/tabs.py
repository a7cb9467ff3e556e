"""Shows the samples of several languages side by side, in tabs.

The pages in the repository are plain Markdown, where the samples follow each other.
"""

from __future__ import annotations

import re

LANGUAGES = {
    "python": "Python",
    "js": "Node.js",
    "ts": "Node.js",
    "kotlin": "Kotlin",
    "java": "Java",
    "c": "C",
    "cpp": "C++",
    "php": "PHP",
    "rust": "Rust",
}

FENCE = r"```(?:{languages})\b.*\n(?:(?!```).*\n)*```\n".format(languages="|".join(LANGUAGES))
FENCES = re.compile(rf"(?:^{FENCE}\n*){{2,}}", re.MULTILINE)
ONE_FENCE = re.compile(rf"^{FENCE}", re.MULTILINE)
# How README.md folds the samples of the other languages.
FOLDED = re.compile(rf"^<details><summary>[^\n]*</summary>\n\n({FENCE})\n</details>\n", re.MULTILINE)


def side_by_side(markdown: str) -> str:
    """Returns the text of a page with tabs instead of samples that follow each other."""
    return FENCES.sub(lambda run: tabs(ONE_FENCE.findall(run[0])), FOLDED.sub(r"\1", markdown))


def tabs(fences: list[str]) -> str:
    """Returns the tabs of some samples. Samples of the same language share one."""
    titled: dict[str, str] = {}
    for fence in fences:
        language = LANGUAGES[re.split(r"\W", fence[3:], maxsplit=1)[0]]
        titled[language] = titled.get(language, "") + fence + "\n"
    if len(titled) == 1:
        return "\n".join(fences) + "\n"
    return "".join(f'=== "{title}"\n\n{indented(text)}\n' for title, text in titled.items())


def indented(text: str) -> str:
    """Indents the lines that are not empty, as the content of a tab."""
    return "".join(f"    {line}" if line.strip() else line for line in text.splitlines(keepends=True))
