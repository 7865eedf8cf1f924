"""Texts of strangers that a course file may hold."""

import pytest

TITLES = (
    "{= ~ # : \\ } // $CATEGORY: $course$",
    '<b>x</b> & "y" \' ]]> <!-- -->',
    r"\(1\) $$2$$ [sound:a.mp3] {{Answer}} %50%",
    "두 층 신경망 :: 1/2",
    "::a::b{#1}\n\nnext = line",
)


@pytest.fixture(params=TITLES)
def title(request):
    return request.param
