"""The small newspaper that tests build: one page, two articles, one photograph."""

from io import BytesIO

from PIL import Image

ISSUE = """<?xml version="1.0" encoding="UTF-8"?>
<issue xmlns="urn:issue-publisher:issue" version="1.0" id="2026-11-30" date="2026-11-30">
  <nameplate><title>晨渡周报</title><date>2026年11月30日</date></nameplate>
  <page number="1" title="要闻">
    <article id="ferry" weight="lead">
      <headline>晨渡码头今晨复航</headline>
      <body>
        <p>今天清晨六时整，一声汽笛划过江面，停航四个月的晨渡码头重新开航。</p>
        <figure src="pictures/river.jpg" columns="2" alt="江面"/>
      </body>
    </article>
    <article id="library">
      <headline>老粮仓里开出图书馆</headline>
      <body><p>空置多年的北岸三号粮仓，上周末换了身份。</p></body>
    </article>
  </page>
</issue>
"""
FIGURE_LINE = next(n for n, line in enumerate(ISSUE.splitlines(), 1) if "<figure" in line)


def jpeg(width: int = 640, height: int = 420) -> bytes:
    file = BytesIO()
    Image.effect_noise((width, height), 60).save(file, "JPEG")
    return file.getvalue()
