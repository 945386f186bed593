"""A layout: every measure of a newspaper's page, as frozen values.

`layout.toml` is the only place where measures stand; its tables and keys have the names of the
classes and fields here. Lengths carry their unit in their name: `_pt` points (1/72 in), `_mm`
millimetres, `_em` multiples of the type size, `_lines` lines of the body's leading, `_columns`
basic columns, `_characters` characters of the body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

PT_PER_MM = 72 / 25.4


class Strictness(StrEnum):
    """How much of the prohibition of line starts and ends is kept (CLREQ, basic level and above)."""

    STRICT = "strict"
    NORMAL = "normal"
    LOOSE = "loose"


class LineEnd(StrEnum):
    """What a closing mark does at the end of a line (行尾标点)."""

    HALF_WIDTH = "half-width"
    HANGING = "hanging"


class Align(StrEnum):
    """How the lines of a type role stand in their measure."""

    JUSTIFY = "justify"
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class BoxedPiece(StrEnum):
    """An article in a box (花边框)."""

    RULED = "ruled"
    TINTED = "tinted"


class Direction(StrEnum):
    """Which way a line of words runs (横排、直排)."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class HeadlineLines(StrEnum):
    """How the lines of a headline stand to one another."""

    BALANCED = "balanced"  # in the middle, one under the other
    STEPPED = "stepped"  # 梯形题: the first to the left, the last to the right


class Intent(StrEnum):
    """How colours that the press cannot print are brought into what it can (色域映射)."""

    RELATIVE = "relative"  # what can be printed stays as it is, the rest comes to the edge
    PERCEPTUAL = "perceptual"  # all colours give way together, and gradations stay


class FitStep(StrEnum):
    """A kind of matter that print may do without where the source allows it (可删内容)."""

    PULL_QUOTES = "pull-quotes"
    HEADLINES = "headlines"  # a shorter one takes the place of the headline
    PICTURES = "pictures"
    PARAGRAPHS = "paragraphs"


@dataclass(frozen=True)
class PageSize:
    """The trimmed page and where its type area (版心) begins."""

    width_mm: float
    height_mm: float
    top_mm: float  # from the upper edge of the page to the type area


@dataclass(frozen=True)
class Grid:
    """Basic columns (基本栏) × lines; the type area is exactly this large."""

    columns: int
    column_characters: int
    gutter_characters: float
    body_pt: float
    leading_pt: float
    lines: int

    @cached_property
    def column_pt(self) -> float:
        """Width of a basic column."""
        return self.column_characters * self.body_pt

    @cached_property
    def gutter_pt(self) -> float:
        """White between two basic columns."""
        return self.gutter_characters * self.body_pt

    def width_pt(self, columns: int) -> float:
        """Measure of `columns` basic columns with the gutters between them."""
        return columns * self.column_pt + (columns - 1) * self.gutter_pt

    def x_pt(self, column: int) -> float:
        """Left edge of basic column `column` (0-based) from the type area's left edge."""
        return column * (self.column_pt + self.gutter_pt)

    def depth_pt(self, lines: float) -> float:
        """Depth of so many lines."""
        return lines * self.leading_pt


@dataclass(frozen=True)
class Furniture:
    """What every page has round its articles: its depth in lines of the grid, and the rooms for its words."""

    nameplate_lines: int  # front page, from the top of the type area to the first article
    folio_lines: int  # every other page
    imprint_lines: int  # last page, at the foot
    name_width_pt: float  # room of the paper's name; a longer one is set smaller
    data_gap_pt: float  # between the data under the nameplate
    ear_width_pt: float  # of all ears together
    ear_depth_pt: float
    ear_gap_pt: float  # between two ears
    ear_pad_pt: float  # inside the border of an ear
    ear_size_pt: float
    ear_leading_pt: float
    ear_head_leading_pt: float  # of its headline
    imprint_gap_pt: float  # between the data of the imprint


@dataclass(frozen=True)
class TypeRole:
    """How one kind of text is set."""

    font: str  # role in fonts.toml
    size_pt: float
    leading_pt: float
    ink: str = "black"
    align: Align = Align.JUSTIFY
    tracking_em: float = 0.0
    indent_characters: float = 0.0  # of a paragraph's first line
    break_at_marks: bool = False  # rather a short line than one that parts a phrase


@dataclass(frozen=True)
class HeadlineRole:
    """Headlines of one weight: the sizes that make-up may choose from, largest first."""

    font: str
    sizes_pt: tuple[float, ...]
    max_lines: int  # in narrow articles
    min_columns: int  # narrowest article, in basic columns
    max_columns: int
    leading_em: float = 1.25
    widest: float = 1.0  # most of the measure that a line fills, so that it touches no rule beside it
    condense_to: float = 1.0  # narrowest horizontal scale
    space_to_em: float = 0.0  # most letter space that a short headline takes on
    fill_from: float = 0.7  # share of the measure that a short headline is spaced to fill
    align: Align = Align.CENTRE  # of even lines in their measure
    lines: HeadlineLines = HeadlineLines.BALANCED
    step_em: float = 2.0  # of stepped lines, one against the next
    wide_columns: int = 3  # from so many columns up a headline has
    wide_max_lines: int = 2  # at most so many lines
    large_columns: int = 99  # and from so many up it may have
    large_sizes_pt: tuple[float, ...] = ()  # these sizes, too: over a wide text a small one looks lost
    kicker_em: float = 0.5  # size of kicker and deck against the headline
    deck_em: float = 0.45
    space_above_lines: float = 0.4
    space_below_lines: float = 0.5
    vertical: bool = False  # whether make-up may set it beside its text from top to bottom (竖题)

    @property
    def all_sizes_pt(self) -> tuple[float, ...]:
        """Every size that some width may have, largest first."""
        return (*self.large_sizes_pt, *self.sizes_pt)


@dataclass(frozen=True)
class Head:
    """What stands round a headline; the headline's own measures are those of its weight."""

    genre_fonts_to_pt: float  # largest headline in the font of its genre; a larger one has its weight's own
    smallest_pt: float  # of kicker and deck
    largest_em: float  # of kicker and deck, against the headline
    leading_em: float  # of kicker and deck
    kicker_gap_lines: float  # below it
    deck_gap_lines: float  # above it
    byline_above_lines: float
    byline_below_lines: float
    rubric_ink: str  # of the box behind a rubric
    rubric_pad_pt: float
    rubric_gap_lines: float  # below it
    band_rule_pt: float  # under the rubric of a group of briefs
    brief_gap_lines: int  # above the headline of every brief of a group but the first
    rubric_under_picture_lines: float  # least white between a picture's caption and the rubric under it
    note_rule_pt: float  # over and under an editor's note
    note_characters: int  # measure that an editor's note is set to, about
    gap_lines: float  # under editor's note, standfirst and band
    band: Direction  # over a group of briefs, or down its left side (竖栏头)
    side_ink: str  # of the ground of a vertical band
    side_pad_em: float  # white at either side of vertical words and between a headline and its kicker or deck
    side_gap_characters: float  # white between a vertical band or headline and the text, at least
    side_space_to_em: float  # most letter space of a vertical headline that fills less than `fill_from`
    beside_columns: int  # from so many columns up kicker and deck may stand at the sides of a headline
    beside_gap_em: float  # white between them, against the headline
    beside_fill: float  # share of what they leave that the headline must fill


@dataclass(frozen=True)
class FigureRole:
    """White round pictures."""

    caption_gap_pt: float  # between a picture and its caption
    white_lines: float  # above and below a figure together


@dataclass(frozen=True)
class LostPictureRole:
    """The empty place of a picture that was printed and is lost: what is seen of it, what shapes suit it."""

    words: str  # in its middle, as a caption is set: 原图缺
    ink: str  # its ground
    rule_ink: str  # of the rule round it
    rule_pt: float
    ratio: tuple[float, float]  # width over depth, least and most, of one about a column wide
    broad_ratio: tuple[float, float]  # of a wider one
    natural_ratio: float  # of one that nothing presses
    share: float  # of the page (0–1): a larger one stands out, though nothing is seen in it
    portrait_share: float  # the same, where the caption says that one or two people were seen
    most_share: float  # of the page; none is larger, however white the page


@dataclass(frozen=True)
class BoxRole:
    """花边框: boxes inside articles, and articles in a box."""

    ink: str  # behind a box inside an article, and behind an article in a tinted box
    pad_em: float  # of the body's size
    border_pt: float  # round an article in a ruled box, and round advertisements
    border_ink: str
    piece: BoxedPiece  # what an article in a box has round it
    margin_characters: float  # white inside that box at either side
    margin_lines: int  # white inside it at the foot; whole lines, for its text stands on the grid of the page


@dataclass(frozen=True)
class PullQuoteRole:
    """摘引: its rules and white."""

    rule_above_pt: float
    rule_below_pt: float
    white_lines: float


@dataclass(frozen=True)
class TableRole:
    """Rules and white of small tables."""

    rule_pt: float
    head_rule_pt: float
    pad_pt: float  # left and right of a cell's words


@dataclass(frozen=True)
class SoldSize:
    """A size of the rate card."""

    columns: int  # basic columns
    depth_mm: float


@dataclass(frozen=True)
class AdvertisementRole:
    """Advertisements that we set ourselves."""

    widest_characters: int  # measure of their text
    few_characters: int  # with fewer, the words stand in the middle
    label_above_lines: float
    headline_above_lines: float
    headline_below_lines: float
    sizes: Mapping[str, SoldSize]  # full, half, quarter, strip, half-strip; the ear's is the ears' room


@dataclass(frozen=True)
class Typesetting:
    """Policies of line breaking."""

    strictness: Strictness
    line_end: LineEnd
    han_latin_gap_em: float  # white between Han and Latin or digits
    gap_stretch_em: float  # white that it takes on before any other place of a stretched line does
    gap_squeeze_em: float  # most that such white gives up in a line that is squeezed
    mark_squeeze_em: float  # most that one mark gives up of its empty half
    tracking_stretch_em: float  # most that one place between characters takes on
    justify_from_em: float  # in a narrower measure lines are not spread to the edge
    last_line_characters: int  # fewest characters of a paragraph's last line
    squeeze_penalty: float
    stretch_penalty: float
    emergency_stretch_em: float  # when no setting keeps the limits
    super_size_em: float  # size of superscripts and subscripts against their surroundings
    super_raise_em: float
    sub_lower_em: float
    hyphen_penalty: float  # of a hyphen at a line's end, in words whose language the source names
    ruby_em: float  # size of a reading against its base
    ruby_font: str  # role in fonts.toml that readings are set in
    dot_em: float  # size of an emphasis dot
    words: tuple[str, ...]  # words of the newspaper's own that no headline is broken in


@dataclass(frozen=True)
class Makeup:
    """Policies of page make-up; penalties are in the solver's own currency."""

    seed: int
    dearest_option: float  # so much dearer than the best of its width may a shape be that is tried
    beam_width: int  # half-built pages that are kept of each number of pieces
    beam_tolerance_lines: tuple[int, int]  # so uneven a notch is still taken for level: first, and then
    penalty_uneven: float  # a line of one column by which it is not
    tries: int  # whole pages that are given their best depths
    keep: int  # pages from which the last search goes on
    rule_pt: float  # cut-off rules and column rules
    rule_at: float  # where in a gutter a column rule stands: 0 at its left edge, 1 at its right
    rule_ink: str
    cutoff_lines: int  # white over an article that lies under another, with the cut-off rule in it
    slack_lines: int  # most lines that white and picture depth may make up in one article
    head_extra_lines: int  # most white that a head takes on beyond its own
    leg_min_lines: int  # shortest leg of text that is set at all
    price_of_spacing: float  # of a line left white between two paragraphs, in lines of white
    spacing_share: float  # of the lines of a text: most white lines between its paragraphs
    price_of_leg: float  # of a leg that [rules] calls too short or too long, in lines of white
    leg_characters: tuple[int, int]  # narrowest and widest measure of text
    comment_characters: tuple[int, int]
    rank: Mapping[str, float]  # by weight: how strongly an article is drawn to the upper left
    penalty_slack: float  # a line of white that the text does not need
    penalty_place: float  # an article's rank × its distance from the upper left
    penalty_headline: float  # a headline setting below the first choice
    penalty_fill: float  # of a headline that fills nothing of its measure, in proportion
    penalty_vertical: float  # a vertical headline (竖题)
    vertical_fill: float  # share of the depth beside it that it fills at least, unless a plan says so
    box_genres: tuple[str, ...]  # of articles that make-up may set in a box (加框)
    penalty_box: float  # a box of make-up's
    l_shapes: bool  # whether an article may end above another that stands boxed in its corner
    penalty_shape: float  # a slab or a sliver
    penalty_picture: float  # a picture narrower or wider than asked for, for each basic column
    drawing_narrower: float  # so many times dearer is a drawing that loses width: its lettering loses size
    penalty_picture_wide: float  # one much wider: the square of the columns beyond those that follow
    picture_wider_columns: Mapping[str, float]  # by weight: basic columns that it may be wider without that
    penalty_white: float  # a line of a basic column that no piece covers
    penalty_white_beyond: float  # a line of white, uncovered or not, beyond the share that a page may have
    penalty_hard: float  # of breaking the hard rule that yields first; each later one costs twice as much
    yields: tuple[str, ...]  # hard rules in the order in which they yield when no page keeps them all
    place_per_line: float  # of penalty_place: a line further down
    place_per_column: float  # of penalty_place: a basic column further to the right
    replan_blank: float  # share of a page (0–1) that replanning may leave white before it moves more items
    fit: tuple[FitStep, ...]  # `build --fit`: what a full page does without first
    fit_tries: int  # make-ups that are tried for a page before it is said not to fit
    remedies: int  # most that a message names


@dataclass(frozen=True)
class Rules:
    """Limits of the rules of make-up that a finished page is judged by; pairs are least and most."""

    # What counts as white.
    gutter_most_characters: float  # white between two things side by side that is a gutter and no hole
    white_most_lines: int  # white between two things one above the other that their roles ask for
    # Hard rules.
    hole_lines: int  # uncovered grid of a column so deep, with something beneath it, is a hole in the page
    bump_lines: float  # between the headline bands of neighbours
    top_pairs: int  # pairs of headlines side by side at the top of a page
    strip_columns: int  # widest strip beside a cut from top to foot
    cut_step_lines: int  # an edge across the page that jogs by no more is seen as one
    leg_mm: tuple[float, float]  # depth of a leg
    leg_under_picture_mm: float  # least depth of a leg under a picture
    leg_short_lines: tuple[int, int]  # most that a leg and the last leg end above the deepest
    band_white_lines: tuple[float, float]  # above, between and below the lines of a head, on average
    headline_characters: int  # fewest in a line of a headline
    lead_step_pt: float  # from the next headline up to the lead's
    beside_em: tuple[float, float]  # kicker and deck against their headline
    contact_lines: float  # a picture or headline so near to its item's edge meets what lies beyond
    body_floor_pt: float
    reversed_floor_pt: float  # smallest type on a ground
    # Soft rules.
    places: tuple[float, float, float, float]  # strength: top left, top right, foot left, foot right
    foot_place: float  # strength of a wide piece at the foot (倒头条)
    foot_columns: int  # how wide such a piece is
    several_columns: int  # a headline of several columns
    dominant: float  # area of any other picture against the largest
    picture_share: tuple[float, float]  # of the page's area for articles
    banknote_mm: tuple[float, float]  # grey fields are not larger: width and depth
    corner: tuple[int, int]  # how far a corner reaches: columns and lines
    corner_pt: float  # smallest headline that holds a corner
    ink: tuple[float, float, float]  # blackness of pictures, headlines and text
    centre_across: tuple[float, float]  # of the page's ink
    centre_down: tuple[float, float]
    straight_run: float  # longest shared edge against the page
    upright_share: float  # of the articles that are deeper than wide
    narrow_headlines: int  # headlines of one column
    stack: int  # items of one width under each other
    headline_fill: tuple[float, float]  # of the measure
    headline_ragged: float  # shorter line of a headline against its longer one, at least
    headline_area: tuple[float, float]  # of an article
    lead_headline_area: float  # of the lead, at most
    families: int  # of headlines
    sizes: int  # of headlines
    vertical_headlines: int
    boxes: int  # articles in a box
    boxes_share: float  # of the page's area for articles
    trapped_times: float  # white inside the page against white at its edge
    white_share: float  # of the page's area for articles
    fold_mm: float  # half the page's height is clear by so much either way; 0: the page is not folded
    likeness: float  # of the edges between items, those that stood there in the last issue as well


@dataclass(frozen=True)
class Penalties:
    """What breaking a rule costs, in points: at 10 a sub-editor would notice and sigh."""

    hard: float  # each breach of a hard rule that yielded
    top_pairs: float
    near_cuts: float
    picture_beside_headline: float
    headline_into_vertical: float
    linked_headlines: float
    piled_verticals: float
    series_order: float
    position: float
    ladder: float
    dominant_picture: float
    picture_share: float
    grey: float
    headlines_everywhere: float
    corners: float
    balance: float
    straight_runs: float
    upright_shapes: float
    narrow_headlines: float
    stacks: float
    headline_fill: float
    headline_area: float
    faces: float
    vertical_headlines: float
    boxes: float
    white: float
    measure: float
    fold: float
    likeness: float


@dataclass(frozen=True)
class Pages:
    """Which piece stands on which page; its penalties are in a currency of their own."""

    most_per_source_page: int  # sheets that one page of the source may take
    page_leads: bool  # whether the first major article of a page without a lead is set as its lead
    sharings: int  # ways to share a page out among its sheets that are made up, until one is good
    lead_least: float  # text of a lead that no desk has named, against the longest one (0–1)
    least_share: float  # of a page's room: pieces that take more at their smallest can hardly be laid out
    penalty_area: float  # a cell (basic column × line) by which pages are not equally full
    penalty_strong_head: float  # a page without a lead or a major article
    penalty_picture: float  # a page without a picture
    penalty_series: float  # a part of a series on a later page than one that comes after it
    penalty_parted: float  # linked pieces, or parts of a series, on different pages
    penalty_later: float  # a piece's rank, for each page later
    penalty_order: float  # a piece on an earlier page than one before it that is as heavy
    penalty_advertisement: float  # an advertisement, for each page before the last of its section
    jumps: bool  # whether an article may stand in two parts (下转第N版)
    jump_above: float  # one that takes more than this share of a page goes on elsewhere (0–1)
    jump_stays: float  # share of its text that stays on its page, about
    jump_before_mm: float  # fewest of text in basic columns before a jump
    jump_after_mm: float  # and after it


@dataclass(frozen=True)
class Press:
    """What the press wants (印刷条件): another press is another table."""

    profile: str  # ICC profile of press and paper, a file of the folder press/ of the layout or its base
    condition: str  # its name in the output intent
    intent: Intent  # of pictures and of colours that are no ink of the layout
    black_point: bool  # whether the darkest tone of a picture becomes the darkest that the press prints
    ink_percent: float  # most of all inks together in one place
    neutral_percent: float  # so far may red, green and blue differ in a tone that is printed in black alone
    overprint_percent: float  # black alone of so much and more prints over what lies below (叠印)
    sharpen_percent: float  # of photographs, against what the paper softens; 0: as they are
    sharpen_radius_px: float
    sharpen_threshold: int  # tones that differ by less stay as they are
    least_ppi: float  # a picture printed with fewer pixels to the inch is an error
    smallest_pt: float  # type
    reversed_black_pt: float  # type reversed out of black alone (反白字)
    reversed_inks_pt: float  # and out of several inks, which never meet exactly
    hairline_pt: float  # thinnest rule
    bleed_mm: float  # round the page
    marks: bool  # crop and register marks outside the page (裁切线、套准线)
    grey_pages: tuple[int, ...] = ()  # numbers of the pages that print in black alone
    spots: Mapping[str, str] = field(default_factory=dict)  # ink of the layout → spot colour (专色)


@dataclass(frozen=True)
class Pictures:
    """What pictures must be and what is made of them."""

    press_ppi: float  # resolution in the press PDF
    press_quality: int  # JPEG quality
    warn_below_ppi: float  # effective resolution that the desk is warned about
    max_megapixels: float
    max_file_mb: float
    ebook_long_side_px: int
    ebook_quality: int
    ebook_most_mb: float  # a larger book is warned of
    crop_limit: float  # most of a picture's height that make-up may crop away (0–1)


@dataclass(frozen=True)
class Ebook:
    """What the e-book is divided by, and which drawings it shows as they are."""

    document_kb: float  # a longer article is divided into several documents
    svg_kb: float  # a larger drawing becomes pixels
    svg_shapes: int  # and so does one that draws more


@dataclass(frozen=True)
class Archive:
    """What the archive PDF holds besides the pages."""

    originals: bool = True  # the pictures as they were handed in; without them it cannot be built again


@dataclass(frozen=True)
class Layout:
    """All of a layout."""

    name: str
    version: str
    page: PageSize
    grid: Grid
    furniture: Furniture
    inks: Mapping[str, tuple[float, float, float, float]]  # name → C, M, Y, K in percent
    type: Mapping[str, TypeRole]
    headline: Mapping[str, HeadlineRole]  # by weight: lead, major, normal, brief
    head: Head
    figure: FigureRole
    lost_picture: LostPictureRole
    box: BoxRole
    pull_quote: PullQuoteRole
    table: TableRole
    advertisement: AdvertisementRole
    furniture_pt: Mapping[str, float]  # places and sizes for the furniture's templates, by names of their own
    genre_fonts: Mapping[str, str]  # genre → headline font that replaces the weight's own
    latin_fonts: Mapping[str, str]  # font role → role whose face sets its Latin letters and digits
    typesetting: Typesetting
    makeup: Makeup
    rules: Rules
    penalties: Penalties
    pages: Pages
    pictures: Pictures
    ebook: Ebook
    press: Press
    folder: Path  # where layout.toml and its templates lie
    archive: Archive = Archive()
    base: str | None = None  # the layout whose templates stand in for those that this one lacks
    base_folders: tuple[Path, ...] = ()  # where those lie, nearest first: a base may have a base

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """Where a template is looked for, in this order."""
        return (self.folder, *self.base_folders)

    @cached_property
    def left_mm(self) -> float:
        """Left margin: the type area stands in the middle of the page."""
        return (self.page.width_mm - self.grid.width_pt(self.grid.columns) / PT_PER_MM) / 2

    def ink_rgb(self, name: str) -> str:
        """An ink for screens, as #rrggbb (plain subtraction; good enough for flat colours)."""
        return "#" + "".join(f"{part:02x}" for part in self.screen_inks[name])

    @cached_property
    def screen_inks(self) -> Mapping[str, tuple[int, int, int]]:
        """Every ink as red, green and blue, 0–255; two that differ on paper differ on screens as well.

        So the ink of whatever was painted for screens can be told by its colour: a black of four inks and one
        of black ink alone are not the same.
        """
        found: dict[str, tuple[int, int, int]] = {}
        taken: dict[tuple[int, int, int], tuple[float, ...]] = {}
        for name, ink in self.inks.items():
            cyan, magenta, yellow, black = (part / 100 for part in ink)
            red, green, blue = (round(255 * (1 - part) * (1 - black)) for part in (cyan, magenta, yellow))
            step = 1 if blue < 128 else -1
            while taken.setdefault((red, green, blue), ink) != ink:
                blue += step
            found[name] = red, green, blue
        return found
