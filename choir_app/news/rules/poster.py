"""What of a text fits on one page for the wall."""

import re

ON_A_POSTER = 700
"""Signs of text beside headline, lead, picture and code on an A4 page in 10 points."""


def first_blocks(markdown: str, length: int = ON_A_POSTER) -> tuple[str, bool]:
    """The first whole paragraphs of a text in Markdown, about so many signs, and whether something is left out.

    A heading never stands last, and the first paragraph is always there.
    """
    blocks = [block for block in re.split(r"\n\s*\n", markdown.strip()) if block.strip()]
    kept: list[str] = []
    for block in blocks:
        if kept and sum(map(len, kept)) + len(block) > length:
            break
        kept.append(block)
    is_cut = len(kept) < len(blocks)
    while is_cut and len(kept) > 1 and kept[-1].lstrip().startswith("#"):
        kept.pop()
    return "\n\n".join(kept), is_cut
