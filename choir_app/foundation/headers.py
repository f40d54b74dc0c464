"""What every answer tells the browser: run nothing but ours, show us in no frame, tell nobody where one came from."""

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(  # noqa: FLY002 - one rule a line can be read and compared
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=()",
}


ONLY_OF_A_DOCUMENT = (
    "Content-Security-Policy",
    "X-Frame-Options",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
)
"""What rules over a page and means nothing on a style sheet, which travels with the first view of every page."""

ONLY_BY_HTTPS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}

HEADERS_OF_A_LINK = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""For a page whose address holds a secret: nobody keeps it, no engine lists it, and no address is told to anybody.

`strict-origin` tells others the house and never the address; `no-referrer` would hide the house from itself too, and
its forms would come from nowhere (foundation/origin.py).
"""


def dress(app: Flask, *, is_secure: bool) -> None:
    """Put the headers on every answer, error pages too."""
    worn = HEADERS | ONLY_BY_HTTPS if is_secure else HEADERS
    app.extensions["headers"] = worn
    of_a_style_sheet = {name: value for name, value in worn.items() if name not in ONLY_OF_A_DOCUMENT}

    @app.after_request
    def put_on(response: Response) -> Response:
        for name, value in (of_a_style_sheet if response.mimetype == "text/css" else worn).items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers and request.endpoint != "static":
            response.headers["Cache-Control"] = "no-cache, private"
        return response
