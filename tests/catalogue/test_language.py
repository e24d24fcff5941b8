"""Words in the language: where a thing stands in a document."""

import pytest

from sim.catalogue.language import located


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("sec 2.3 main indicator table", "第2.3节 主要指标表"),
        ("sec 3.4 item 23", "第3.4节 第23项"),
        ("sec 3.5 box 5 (services)", "第3.5节 专栏5 (服务)"),
        ("tables 6-2 and 6-4; p. 12", "表6-2、6-4; 第12页"),
        ("tables 6-1 to 6-11", "表6-1至6-11"),
        ("table B05", "表B05"),
        ("sheet 3, page 7", "工作表3, 第7页"),
        ("county tables, women of 15-64", "county tables, women of 15-64"),
    ],
)
def test_common_words_of_a_place_in_a_document(text: str, chinese: str):
    assert located(text, "zh") == chinese
    assert located(text, "en") == text
