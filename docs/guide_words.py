"""What is typed and waited for while the pictures of the guide are taken, by language."""

from __future__ import annotations

LOCALES = {"en": "en-US", "zh": "zh-CN"}
PROMPTS = {
    "en": [
        "A paper boat crosses a puddle, macro, soft window light",
        "A lighthouse at dusk, waves below, slow push in",
        "Two kites over the bay at dawn, wide shot",
    ],
    "zh": [
        "纸船漂过水洼，微距，柔和的窗光",
        "黄昏的灯塔，下面是海浪，缓缓推近",
        "清晨海湾上空的两只风筝，远景",
    ],
}
MORE = {
    "en": [
        "A tram climbs a wet hill at night",
        "A fox in fresh snow, first light",
        "Steam over a bowl of noodles, close-up",
    ],
    "zh": ["夜里电车爬上湿漉漉的坡", "新雪里的狐狸，第一缕光", "一碗面上的热气，特写"],
}
SAVING = {"en": "The video is being saved here.", "zh": "正在把视频保存到本地。"}
SHOTS = {
    "en": "4s: A door opens onto the sea\n6s: She steps out and shades her eyes\n4s: A gull lands on the rail",
    "zh": "4秒：一扇门朝大海打开\n6秒：她走出来，抬手遮住阳光\n4秒：一只海鸥落在栏杆上",
}
SHARED = {
    "en": "Mei: silver bob, green raincoat. A harbour in the rain, dusk.",
    "zh": "小梅：银色短发，绿色雨衣。雨中的港口，黄昏。",
}


def fifty_rows(language: str) -> str:
    """Return a CSV file of fifty prompts; one has no words, one no length, one more words than any model takes."""
    rows = [f"{PROMPTS[language][at % 3].replace(',', ' ')},{4 + 4 * (at % 2)}" for at in range(50)]
    first = MORE[language][0]
    rows[11], rows[23], rows[40] = ",8", f"{first},none", f"{f'{first} ' * 3200},4"
    return "\n".join(["prompt,seconds", *rows]) + "\n"
