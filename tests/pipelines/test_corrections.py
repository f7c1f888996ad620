"""Correction notices, in the languages of outlets."""

from __future__ import annotations

import pytest

from pipelines.corrections import is_notice, notice


@pytest.mark.parametrize(
    "paragraph",
    [
        "Correction: the ferry has two engines.",
        "CORRECTION (3 May): The ferry has two engines, not three.",
        "An earlier version of this article gave the wrong number of engines.",
        "This article was amended on 3 May to give the right number.",
        "Korrektur: Die Fähre hat zwei Motoren.",
        "In einer früheren Version dieses Textes hieß es, die Fähre habe drei Motoren.",
        "Wir haben den Fehler korrigiert.",
        "Rectificatif : le bac a deux moteurs.",
        "Une version précédente de cet article parlait de trois moteurs.",
        "FE DE ERRORES: el transbordador tiene dos motores.",
        "Una versión anterior de este artículo decía tres.",
        "Errata corrige: il traghetto ha due motori.",
        "CORREÇÃO: a balsa tem dois motores.",
        "ERRAMOS: o texto dizia três motores",
        "Uma versão anterior deste texto dizia três motores.",
        "Oikaisu 3.5. klo 12:10: Lautassa on kaksi moottoria.",
        "Juttua korjattu kello 14.20: moottoreita on kaksi.",
        "Исправление: на пароме два двигателя.",
        "В предыдущей версии этого материала говорилось о трёх двигателях.",
        "تصحيح: للعبارة محركان.",
        "भूल सुधार: नौका में दो इंजन हैं।",
        "【訂正】渡し船のエンジンは2基でした。",
        "「3基」とあるのは「2基」の誤りでした。お詫びして訂正します。",
        "바로잡습니다: 여객선의 엔진은 두 개입니다.",
        "更正：渡轮有两台发动机。",
        "Rättelse: färjan har två motorer.",
        "Sprostowanie: prom ma dwa silniki.",
        "Düzeltme: Feribotun iki motoru var.",
        "Διόρθωση: το πλοίο έχει δύο μηχανές.",
        "Correctie",
    ],
)
def test_notices(paragraph: str) -> None:
    assert is_notice(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "",
        "Correction officers walked out on Tuesday.",
        "The bank spoke of a correction of the market.",
        "Korrekturen am Haushalt sind nötig, sagte der Minister.",
        "Der Kurs wurde nach unten gesetzt.",
        "Поправка к закону принята в первом чтении.",
        "Oprava mostu potrvá do jara.",
        "La corrección política divide al país.",
        "정정당당하게 싸웠다.",
        "訂正印が必要だ。",
    ],
)
def test_what_only_sounds_like_one(paragraph: str) -> None:
    assert not is_notice(paragraph)


def test_the_first_notice_is_told() -> None:
    assert (
        notice(["News.", "Correction: two.", "Erratum: three."]) == "Correction: two."
    )
    assert notice(["News."]) is None
