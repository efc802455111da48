"""Conflicts of the camera: moves, height, size, lens, cuts."""

from __future__ import annotations

from itertools import combinations
from typing import Final

from services.prompts.fields import Fields
from services.prompts.findings import Context, Finding, Fix, Rule, keep_one, keys, said, take_out
from services.prompts.marks import N_
from services.prompts.vocabulary import words

STATIC: Final = "static / locked-off"
ONE_TAKE: Final = "one-take"
SINGLE: Final = "single continuous shot"
MOVES: Final = frozenset(word.en for word in words("camera_moves", "move"))
ZOOMS: Final = frozenset(word.en for word in words("camera_moves", "zoom"))
SUPPORTS: Final = frozenset(word.en for word in words("camera_moves", "support"))
FOCAL: Final = frozenset(word.en for word in words("lens_and_focus", "focal"))
FADES: Final = frozenset({"fade in from black", "fade to black", "fade to white"})
CUTS: Final = frozenset(word.en for word in words("pace_and_cuts", "cut")) - FADES | {"two-shot sequence"}

# Pairs of heights that one camera cannot have at once.
_LOW: Final = {"low angle", "worm's-eye", "ground level"}
_HIGH: Final = {"high angle", "bird's-eye / top-down", "aerial view"}
_APART: Final = frozenset(
    {frozenset({"eye level", other}) for other in (_LOW | _HIGH) - {"ground level"}}
    | {frozenset({low, high}) for low in _LOW for high in _HIGH}
    | {frozenset({"hip level", other}) for other in ("bird's-eye / top-down", "aerial view", "worm's-eye")}
)
# How near: two sizes further apart than one step are two pictures.
_SIZES: Final = {
    "extreme wide shot": 0, "establishing shot": 0, "wide shot": 1, "full shot": 2, "medium-wide (cowboy)": 3,
    "medium shot": 4, "medium close-up": 5, "close-up": 6, "extreme close-up": 7, "macro insert": 7,
}  # fmt: skip
_STAY: Final = frozenset(
    {STATIC, "pan left", "pan right", "slow pan", "whip pan", "tilt up", "tilt down", "slow tilt up", "roll"} | SUPPORTS
)


def many_moves(fields: Fields, context: Context) -> Finding | None:
    """More than one move in a shot."""
    moves = [move for move in keys(fields, "moves") if move in MOVES | ZOOMS]
    if len(moves) < 2:
        return None
    return Finding(
        "many_moves",
        N_("One shot obeys one camera move; this one has {count}: {words}."),
        {"count": str(len(moves)), "words": said(moves, context.language, "camera_moves")},
        ("move",),
        keep_one("moves", moves, context.language),
    )


def static_and_move(fields: Fields, context: Context) -> Finding | None:
    """A camera that stands still and moves."""
    chosen = keys(fields, "moves")
    moving = [move for move in chosen if move in MOVES | SUPPORTS]
    if STATIC not in chosen or not moving:
        return None
    return Finding(
        "static_and_move",
        N_("The camera cannot stand still and do this: {words}."),
        {"words": said(moving, context.language, "camera_moves")},
        ("move",),
        (take_out("moves", moving, context.language), take_out("moves", [STATIC], context.language)),
    )


def angles_apart(fields: Fields, context: Context) -> Finding | None:
    """Two heights at once: top-down and eye level."""
    angles = keys(fields, "angles", "shots")
    apart = [angle for angle in angles if any(frozenset({angle, other}) in _APART for other in angles)]
    if not apart:
        return None
    path = "angles" if all(angle in keys(fields, "angles") for angle in apart) else ""
    fixes = keep_one("angles", apart, context.language) if path else _from_either(fields, apart, context)
    return Finding(
        "angles_apart",
        N_("The camera cannot be at two heights at once: {words}."),
        {"words": said(apart, context.language, "shot_types")},
        ("shot",),
        fixes,
    )


def _from_either(fields: Fields, words_: list[str], context: Context) -> tuple[Fix, ...]:
    return tuple(
        take_out(path, [word], context.language)
        for path in ("angles", "shots")
        for word in words_
        if word in keys(fields, path)
    )


def sizes_apart(fields: Fields, context: Context) -> Finding | None:
    """A wide shot and a close-up in one, without a move that leads from one to the other."""
    sizes = [size for size in keys(fields, "shots") if size in _SIZES]
    if any(move not in _STAY for move in keys(fields, "moves")) or keys(fields, "pace"):
        return None
    apart = [pair for pair in combinations(sizes, 2) if abs(_SIZES[pair[0]] - _SIZES[pair[1]]) > 1]
    if not apart:
        return None
    return Finding(
        "sizes_apart",
        N_("One picture cannot be all of these: {words}. A move could lead from one to the other."),
        {"words": said(sizes, context.language, "shot_types")},
        ("shot",),
        keep_one("shots", sizes, context.language),
    )


def two_lenses(fields: Fields, context: Context) -> Finding | None:
    """Two focal lengths in a shot without a zoom."""
    lenses = [lens for lens in keys(fields, "lens") if lens in FOCAL]
    if len(lenses) < 2 or any(move in ZOOMS | {"dolly zoom"} for move in keys(fields, "moves")):
        return None
    return Finding(
        "two_lenses",
        N_("One shot has one lens; this one has {words}."),
        {"words": said(lenses, context.language, "lens_and_focus")},
        ("lens",),
        keep_one("lens", lenses, context.language),
    )


def shallow_and_deep(fields: Fields, context: Context) -> Finding | None:
    """Only the subject sharp, and everything sharp."""
    pair = ["shallow depth of field", "deep focus"]
    if not set(pair) <= set(keys(fields, "lens")):
        return None
    return Finding(
        "shallow_and_deep",
        N_("Either only the subject is sharp or everything is: {words}."),
        {"words": said(pair, context.language, "lens_and_focus")},
        ("lens",),
        keep_one("lens", pair, context.language),
    )


def one_take_and_cuts(fields: Fields, context: Context) -> Finding | None:
    """No cut at all, and cuts."""
    whole = [word for word in keys(fields, "moves") if word == ONE_TAKE]
    single = [word for word in keys(fields, "pace") if word == SINGLE]
    cuts = [word for word in keys(fields, "pace") if word in CUTS]
    if not cuts or not (whole or single):
        return None
    uncut = take_out("moves", whole, context.language) if whole else take_out("pace", single, context.language)
    return Finding(
        "one_take_and_cuts",
        N_("A film in one take has no cuts: {words}."),
        {"words": said(cuts, context.language, "pace_and_cuts")},
        ("beats", "move"),
        (take_out("pace", cuts, context.language), uncut),
    )


def fixed_camera_look(fields: Fields, context: Context) -> Finding | None:
    """A security camera that travels."""
    look = [word for word in keys(fields, "looks") if word == "security camera"]
    lens = [word for word in keys(fields, "lens") if word == "CCTV lens"]
    moves = [move for move in keys(fields, "moves") if move in (MOVES | SUPPORTS) - _TURNS]
    if not moves or not (look or lens):
        return None
    fixed = take_out("looks", look, context.language) if look else take_out("lens", lens, context.language)
    return Finding(
        "fixed_camera_look",
        N_("A security camera hangs in one place, so it cannot do this: {words}."),
        {"words": said(moves, context.language, "camera_moves")},
        ("look", "move"),
        (take_out("moves", moves, context.language), fixed),
    )


_TURNS: Final = {"pan left", "pan right", "slow pan", "tilt up", "tilt down", "slow tilt up"}

RULES: Final[tuple[Rule, ...]] = (
    many_moves, static_and_move, angles_apart, sizes_apart, two_lenses, shallow_and_deep, one_take_and_cuts,
    fixed_camera_look,
)  # fmt: skip
