"""What WeasyPrint does again and again for pages of ready lines, done once; the bytes stay the same.

The runs of an issue have a few hundred looks, in hundreds of blocks. WeasyPrint 70 shares what it has
reckoned for one of them only within a block, and has Pango shape each three times. Its modules are given
functions that remember; each says what it stands in for, and when it leaves all to WeasyPrint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from copy import copy
from functools import lru_cache
from math import inf
from typing import Any

# What a box has for itself: no other style is reckoned from it, unless by the word `inherit`.
_OF_ONE_BOX = frozenset(
    (
        *("left", "top", "width", "height"),
        *(
            "background_color",
            "background_image",
            "background_position",
            "background_size",
            "background_repeat",
        ),
        *("background_origin", "background_clip", "background_attachment"),
        *("bookmark_level", "bookmark_label", "bookmark_state", "anchor"),
    )
)
# All that `Layout` and `line_size` of WeasyPrint's `text/line_break.py` read of a style.
_SHAPES = (
    *(
        "direction",
        "lang",
        "font_language_override",
        "font_family",
        "font_style",
        "font_stretch",
        "font_weight",
    ),
    *("font_size", "font_variant_caps", "font_variation_settings", "text_decoration_line", "font_kerning"),
    *("font_variant_ligatures", "font_variant_position", "font_variant_numeric", "font_variant_alternates"),
    *("font_variant_east_asian", "font_feature_settings", "word_spacing", "letter_spacing", "overflow_wrap"),
    *("tab_size", "white_space"),
)
# All that `get_font_description` of WeasyPrint's `text/fonts.py` reads of a style but the families.
_DESCRIBED = (
    *("font_style", "font_stretch", "font_weight", "font_size", "font_variant_caps"),
    "font_variation_settings",
)
_READY = ("pre", "nowrap")  # values of `white-space`: such lines are as long as they are, whatever the room
_SIZES = lru_cache(maxsize=1 << 12)  # of drawings, whose points are read as lengths, each twice
_FEATURES = lru_cache(maxsize=1 << 10)  # of fonts, by what styles say of them
_is_there = False


def remember(weasyprint: Any) -> None:
    """Give WeasyPrint's modules the functions that remember. Needed once in a process; more do no harm.

    `weasyprint`: the library, which `pdf` alone imports.
    """
    import pydyf

    global _is_there
    if _is_there:
        return
    _is_there = True
    css, svg, layout = weasyprint.css, weasyprint.svg, weasyprint.layout
    background, inline = layout.background, layout.inline
    boxes, line_break = weasyprint.formatting_structure.boxes, weasyprint.text.line_break

    css.StyleFor.set_computed_styles = _sharing(css.StyleFor.set_computed_styles)
    css.ComputedStyle.__missing__ = _plain_first(css.ComputedStyle.__missing__, css)
    for module in (layout.absolute, layout.block, inline):
        module.resolve_percentages = _reckoned(module.resolve_percentages, css)
    background.resolve_radii_percentages = _square(background.resolve_radii_percentages, css)
    boxes.Box.is_in_normal_flow = _in_flow(boxes.Box.is_in_normal_flow)
    for module in (svg, svg.utils):
        module.size = _SIZES(module.size)
    inline.strut = _of_style("_strut", inline.strut)
    inline.split_first_line = line_break.split_first_line = _remembering(inline.split_first_line)
    line_break.get_font_description = _of_font(line_break.get_font_description, _DESCRIBED)
    line_break.font_features = _FEATURES(line_break.font_features)
    line_break.create_layout = _ready(line_break.create_layout, line_break.pango)
    line_break.Layout.deactivate = _keeping(line_break.Layout.deactivate)
    line_break.Layout.reactivate = _kept(line_break.Layout.reactivate)
    layout.LayoutContext.__init__ = _noted(layout.LayoutContext.__init__)
    pydyf.PDF.write = _packing_once(pydyf.PDF.write, pydyf.Stream)


_OF_NOTES = frozenset(("footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"))


def leave_out_notes(page: Any, html: str) -> None:
    """Spare pages without notes what WeasyPrint's own style sheet says of the calls and markers of notes.

    It says it of every element, so each has five styles more. `page`: WeasyPrint's `HTML`.
    """
    if "footnote" in html.lower() or "note(" in html.lower():
        return
    sheets = [copy(sheet) for sheet in page._ua_stylesheets()]
    for sheet in sheets:
        sheet.matcher = copy(sheet.matcher)
        sheet.matcher.other_selectors = [
            selector for selector in sheet.matcher.other_selectors if selector[3] not in _OF_NOTES
        ]
    page._ua_stylesheets = lambda forms=False: sheets


def let_go(fonts: Any, document: Any | None) -> None:
    """Part what holds one another in a document that is done with, so that all of it goes at once.

    Else a hundred thousand boxes, styles and lines wait for Python's search for cycles, which has to look at
    each of them. `fonts`: WeasyPrint's `FontConfiguration` of the document; None for that: it came to none.
    """
    for page in document.pages if document else ():
        vars(page._page_box).clear()
    held: dict[str, Any] = fonts.__dict__
    held.pop("_shaped", None)
    fonts.strut_layouts.clear()
    context = held.pop("_context", None)
    if context is None:  # it came to no layout
        return
    images = context.get_image_from_uri.keywords["cache"]
    for image in images.values():
        for thing in (getattr(image, "_svg", None), image):
            getattr(thing, "__dict__", {}).clear()
    images.clear()
    vars(context).clear()


# --------------------------------------------------------------------------- styles


def _sharing(compute: Callable[..., None]) -> Callable[..., None]:
    """`StyleFor.set_computed_styles`, by which elements with the same rules share one style in all blocks.

    WeasyPrint shares it among the children of one parent. Blocks differ in their places, which their children
    do not inherit; so for these one block is as good as another.
    """

    def shared(
        self: Any, element: Any, parent: Any, root: Any = None, pseudo_type: Any = None,
        base_url: Any = None, target_collector: Any = None,
    ) -> None:  # fmt: skip
        styles, cascaded = (
            self.get_computed_styles(),
            self.get_cascaded_styles().get((element, pseudo_type), {}),
        )
        known = self.__dict__.setdefault("_known", ({}, {}))
        if parent is None or not _OF_ONE_BOX.isdisjoint(cascaded):
            compute(self, element, parent, root, pseudo_type, base_url, target_collector)
            return
        # Values are told apart by where they stand: their sheet, or the style they were found in, keeps them.
        rules = tuple((name, id(value)) for name, (value, _) in cascaded.items())
        key = (_heritage(styles[parent, None], known[0]), pseudo_type, rules)
        if (found := known[1].get(key)) is not None:
            styles[element, pseudo_type] = found
            return
        compute(self, element, parent, root, pseudo_type, base_url, target_collector)
        known[1][key] = styles[element, pseudo_type]

    return shared


def _heritage(style: Any, known: dict[Any, int]) -> int:
    """A number that styles have in common whose children inherit the same."""
    held: dict[str, Any] = style.__dict__
    if "_heritage" not in held:
        if style.parent_style is None or not hasattr(style, "cascaded"):
            held["_heritage"] = known.setdefault(id(style), len(known))
        else:
            rules = tuple(
                (name, id(value)) for name, (value, _) in style.cascaded.items() if name not in _OF_ONE_BOX
            )
            key = (_heritage(style.parent_style, known), rules)
            held["_heritage"] = known.setdefault(key, len(known))
    number: int = held["_heritage"]
    return number


def _plain_first(compute: Callable[[Any, str], Any], css: Any) -> Callable[[Any, str], Any]:
    """`ComputedStyle.__missing__`, which first asks for the simplest: no rule says anything of the property.

    It is then the parent's, or the initial one, as it is.
    """
    physical, properties = css.computed_values.PHYSICAL_FUNCTIONS, css.properties

    logical = frozenset(
        function(block="ttb", inline=inline) for function in physical.values() for inline in ("ltr", "rtl")
    )
    special = {name for name in properties.INITIAL_VALUES if name.startswith("text_decoration_")}
    special |= {"page", "position", "float", "display"}
    inherited = frozenset(properties.INHERITED) - special - physical.keys()
    initial = {
        name: value for name, value in properties.INITIAL_VALUES.items() if name not in properties.INHERITED
    }
    for name in special | set(properties.INITIAL_NOT_COMPUTED):
        initial.pop(name, None)

    def plain(self: Any, name: str) -> Any:
        cascaded, parent = self.cascaded, self.parent_style
        if name not in cascaded and parent is not None:
            if name in inherited:
                value = self[name] = parent[name]
                return value
            if name in initial and (name not in physical or logical.isdisjoint(cascaded)):
                value = self[name] = initial[name]
                return value
        return compute(self, name)

    return plain


# All that `resolve_percentages` of WeasyPrint's `layout/percent.py` reads of a style, and sets of a box.
_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{what}_{side}" for what in ("margin", "padding") for side in _SIDES),
    *(f"{most}{axis}" for most in ("", "min_", "max_") for axis in ("width", "height")),
)
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)
_NO_BORDERS = {
    **dict.fromkeys(_BORDERS, 0),
    **dict.fromkeys((f"border_{side}_style" for side in _SIDES), "none"),
    "box_sizing": "content-box",
}


def _reckoned(resolve: Callable[[Any, Any], None], css: Any) -> Callable[[Any, Any], None]:
    """`resolve_percentages`, which reckons once for all boxes of a style if nothing in it is a percentage.

    Most styles name one of these properties or none: the rest has its initial value, unasked.
    """
    initial = {name: css.properties.INITIAL_VALUES[name] for name in _LENGTHS}
    unsaid = {name: getattr(value, "value", value) for name, value in initial.items()}
    unsaid |= {"min_width": 0, "min_height": 0, **dict.fromkeys(_BORDERS, 0)}  # `auto` comes to 0
    read = _with_logical((*_LENGTHS, *_NO_BORDERS), css)

    def used_values(style: Any) -> dict[str, Any]:
        """What a style without borders sets of every box; empty where that is not told by the style alone."""
        cascaded = getattr(style, "cascaded", {})
        named = (style.keys() | cascaded.keys()) & read
        if style["border_collapse"] == "collapse" or any(
            name in cascaded or style[name] != _NO_BORDERS.get(name) for name in named - initial.keys()
        ):
            return {}
        used = unsaid.copy()
        for name in named & initial.keys():
            if (value := style[name]) == initial[name]:
                continue
            if value is not None and value != "auto" and getattr(value, "unit", "%") != "px":
                return {}
            used[name] = getattr(value, "value", value)
        return used

    def reckoned(box: Any, containing_block: Any) -> None:
        held: dict[str, Any] = box.style.__dict__
        if "_used" not in held:
            held["_used"] = used_values(box.style)
        if held["_used"]:
            _set(box, held["_used"])
        else:
            resolve(box, containing_block)

    return reckoned


def _with_logical(names: Iterable[str], css: Any) -> frozenset[str]:
    """Properties, and those that say the same by the direction of writing, as `margin-inline-start` does."""
    logical = css.computed_values.PHYSICAL_FUNCTIONS
    return frozenset(names) | {
        logical[name](block="ttb", inline=inline)
        for name in names
        if name in logical
        for inline in ("ltr", "rtl")
    }


_CORNERS = tuple(f"border_{one}_radius" for one in ("top_left", "top_right", "bottom_right", "bottom_left"))
_SQUARE = dict.fromkeys(_CORNERS, (0, 0))


def _square(resolve: Callable[[Any], None], css: Any) -> Callable[[Any], None]:
    """`resolve_radii_percentages`, which sees once for a style whether all its corners are square."""
    read = _with_logical(_CORNERS, css)

    def square(box: Any) -> None:
        style = box.style
        held: dict[str, Any] = style.__dict__
        if "_square" not in held:
            unsaid = read.isdisjoint(style) and read.isdisjoint(getattr(style, "cascaded", ()))
            held["_square"] = unsaid or all((0, "px") in style[name] for name in _CORNERS)
        if held["_square"]:
            _set(box, _SQUARE)
        else:
            resolve(box)

    return square


def _in_flow(look: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """`Box.is_in_normal_flow`, which looks once at each style."""

    def in_flow(box: Any) -> bool:
        held: dict[str, Any] = box.style.__dict__
        if "_in_flow" not in held:
            held["_in_flow"] = look(box)
        found: bool = held["_in_flow"]
        return found

    return in_flow


def _set(box: Any, values: dict[str, Any]) -> None:
    """Set attributes of a box, or of the one that a placeholder of WeasyPrint stands for."""
    vars(getattr(box, "_box", box)).update(values)


def _of_style(name: str, reckon: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of a style alone, reckoned once for each."""

    def reckoned(style: Any) -> Any:
        held: dict[str, Any] = style.__dict__
        if name not in held:
            held[name] = reckon(style)
        return held[name]

    return reckoned


def _of_font(reckon: Callable[[Any], Any], names: tuple[str, ...]) -> Callable[[Any], Any]:
    """A function of the families and some values of a style, reckoned once in a document for all like it."""

    def reckoned(style: Any) -> Any:
        known = style.font_config.__dict__.setdefault("_described", {})
        key = *style["font_family"], *map(style.__getitem__, names)
        if (found := known.get(key)) is None:
            found = known[key] = reckon(style)
        return found

    return reckoned


# --------------------------------------------------------------------------- lines


def _remembering(split: Callable[..., Any]) -> Callable[..., Any]:
    """`split_first_line`, which shapes the same words of the same look once in a document.

    It is asked for each mark of each line, twice where white follows, and twice for each text of a drawing.
    Only for lines that are ready: their first line ends where the text or a line break says.
    """

    def remembered(
        text: str,
        style: Any,
        context: Any,
        max_width: Any,
        justification_spacing: Any,
        *more: Any,
        **named: Any,
    ) -> Any:
        if not _is_ready(style, max_width, justification_spacing):
            return split(text, style, context, max_width, justification_spacing, *more, **named)
        end = text.find("\n")
        if end != -1 and style["white_space"] == "pre" and not _PARTED.search(text[:end]):
            line = remembered(text[:end], style, context, max_width, justification_spacing, *more, **named)
            return *line[:2], len(text[:end].encode()) + 1, *line[3:]  # the same, and where it goes on
        if end != -1:
            text = text[: end + 2]  # all that is looked at
        shaped = style.font_config.__dict__.setdefault("_shaped", {})
        key = text, _look(style)
        if (found := shaped.get(key)) is None:
            found = split(text, style, context, max_width, justification_spacing, *more, **named)
            shaped[key] = found
        return found

    return remembered


def _is_ready(style: Any, max_width: Any, justification_spacing: Any) -> bool:
    """Whether a line is as long as it is, whatever the room, or has all the room, as in drawings."""
    white = style["white_space"]
    return not justification_spacing and (white in _READY or (white == "normal" and max_width == inf))


# What Pango ends a paragraph or a line at.
_PARTED = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")


def _ready(create: Callable[..., Any], pango: Any) -> Callable[..., Any]:
    """`create_layout`, whose ready lines are as they will be painted: Pango need not shape them again.

    For painting WeasyPrint has a text taken as a single paragraph. Where it is one, that changes nothing, but
    Pango forgets what it has shaped.
    """

    def ready(text: str, style: Any, context: Any, max_width: Any, justification_spacing: Any) -> Any:
        made = create(text, style, context, max_width, justification_spacing)
        made.is_ready = _is_ready(style, max_width, justification_spacing)
        if made.is_ready and not _PARTED.search(text):
            pango.pango_layout_set_single_paragraph_mode(made.layout, True)
        return made

    return ready


def _look(style: Any) -> str:
    """All that a style says of the shape of words."""
    held: dict[str, Any] = style.__dict__
    if "_look" not in held:
        held["_look"] = repr([style[name] for name in _SHAPES])
    look: str = held["_look"]
    return look


def _keeping(deactivate: Callable[[Any], None]) -> Callable[[Any], None]:
    """`Layout.deactivate`, which lets Pango's work on a ready line stand until the document goes."""

    def keeping(self: Any) -> None:
        if not getattr(self, "is_ready", False):
            deactivate(self)

    return keeping


def _kept(reactivate: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """`Layout.reactivate`, which takes it up again."""

    def kept(self: Any, style: Any) -> None:
        if not hasattr(self, "layout"):
            reactivate(self, style)

    return kept


# --------------------------------------------------------------------------- documents


def _noted(begin: Callable[..., None]) -> Callable[..., None]:
    """`LayoutContext.__init__`, which notes with the fonts what `let_go` will part."""

    def noted(self: Any, style_for: Any, get_image_from_uri: Any, font_config: Any, *more: Any) -> None:
        begin(self, style_for, get_image_from_uri, font_config, *more)
        font_config.__dict__["_context"] = self

    return noted


def _packing_once(write: Callable[..., None], stream: Any) -> Callable[..., None]:
    """`PDF.write` of pydyf, which asks each stream twice for its bytes: to write them, and to sum them up.

    They are joined and deflated the first time only. `stream`: pydyf's class.
    """
    plain = stream.data

    def packing_once(self: Any, *given: Any, **named: Any) -> None:
        packed: dict[int, bytes] = {}  # by stream: the PDF holds them all as long as it is written

        def data(one: Any) -> bytes:
            if id(one) not in packed:
                packed[id(one)] = plain.fget(one)
            return packed[id(one)]

        stream.data = property(data)
        try:
            write(self, *given, **named)
        finally:
            stream.data = plain

    return packing_once
