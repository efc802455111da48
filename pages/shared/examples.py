"""Prompts to begin with. The first is the example of the endpoint's own page, word for word."""

from __future__ import annotations

from typing import Final

from pages.shared.i18n import N_

EXAMPLES: Final = {
    N_("Astronaut dog"): (
        "an astronaut golden retriever named Sora levitates around an intergalactic pup-themed space station with "
        "a tiny jet back that propels him. gorgeous specular lighting and comets fly through the sky, "
        "retro-future astro-themed music plays in the background. light glimmers off the dog's eyes. the dog "
        "initially propels towards the space station with the doors opening to let him in. the shot then changes. "
        "now inside the space station, many tennis balls are flying around in zero gravity. the dog's astronaut "
        "helmet opens up so he can grab one. 35mm film, the intricate details and texturing of the dog's hair are "
        "clearly visible and the light of the comets shimmers off the fur."
    ),
    N_("Paper boat"): (
        "A paper boat crosses a puddle, macro, soft window light. It bumps a leaf, turns once, and "
        "drifts out of frame. Sound: light rain on a tin roof."
    ),
    N_("Night market"): (
        "A narrow night market after rain, neon in the puddles, steam from a noodle stall. One slow "
        "push-in at eye level. A cook looks up and smiles in the last second."
    ),
    N_("Ink mountain"): (
        "水墨画风格：一叶小舟从左向右驶过晨雾中的山谷，远处一只白鹤飞起。固定镜头，柔和的晨光，只有水声。"
    ),
}
