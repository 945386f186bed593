"""Which characters begin and end no line: written out from the requirements, not from our code."""

from issue_publisher.layout.model import Strictness

# W3C CLREQ, "Prohibition rules for line start and line end", as we read it. Basic: pause and stop marks,
# closing quotation marks, brackets and book title marks, connectors, interpuncts and the solidus begin no
# line; GB: signs that belong to a figure; strict: nor dashes and ellipses.
POINTS = "、，；：。．？！"
CLOSING = "”’）》〉］〕】』」〗｝"
OPENING = "“‘（《〈［〔【『「〖｛"
CONNECTING = "～–／·"
UNITS = "℃‰％"
NOT_AT_START = {
    Strictness.STRICT: POINTS + CLOSING + CONNECTING + UNITS + "—…",
    Strictness.NORMAL: POINTS + CLOSING + CONNECTING + UNITS + "—…",
    Strictness.LOOSE: "、，。．" + CLOSING + "～／·—",  # CSS Text 3, line-break: loose
}
NOT_AT_END = OPENING + "￥±"
