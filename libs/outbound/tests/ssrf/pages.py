"""Public pages that lead elsewhere, by how; `html` and `js` are the URL, escaped."""

PAGES = {
    "meta": '<meta http-equiv="refresh" content="0;url={html}">',
    "location": "<script>location = {js}</script>",
    "iframe": '<iframe src="{html}"></iframe>',
    "iframe-again": "<iframe id=f src='{html}'></iframe><script>let n = 0; setInterval(() => "
    "{{ f.src = {js} + '?' + n++ }}, 50)</script>",
    "img": '<img src="{html}">',
    "script": '<script src="{html}"></script>',
    "css": '<link rel="stylesheet" href="{html}">',
    "css-import": "<style>@import url({js});</style>",
    "font": "<style>@font-face {{ font-family: f; src: url({js}) }}</style>"
    "<p style='font-family: f'>x",
    "object": '<object data="{html}"></object>',
    "embed": '<embed src="{html}">',
    "video": '<video src="{html}" autoplay></video>',
    "manifest": '<link rel="manifest" href="{html}">',
    "svg": '<svg><image href="{html}" width="9" height="9"/></svg>',
    "preconnect": '<link rel="preconnect" href="{html}"><link rel="dns-prefetch" href="{html}">',
    "prefetch": '<link rel="prefetch" href="{html}">',
    "base": '<base href="{html}"><img src="relative.png">',
    "form": '<form method="post" action="{html}"></form><script>document.forms[0].submit()'
    "</script>",
    "open": "<script>window.open({js})</script>",
    "ping": '<a id="a" href="#x" ping="{html}">x</a><script>a.click()</script>',
    "xhr": "<script>const x = new XMLHttpRequest(); x.open('PUT', {js}); x.send('x')</script>",
    "fetch": "<script>fetch({js}, {{mode: 'no-cors'}})</script>",
    "fetch-again": "<script>let n = 0; setInterval(() => fetch({js} + '?' + n++, "
    "{{mode: 'no-cors', cache: 'no-store'}}), 50)</script>",
    "keepalive": "<script>fetch({js}, {{mode: 'no-cors', keepalive: true}})</script>",
    "beacon": "<script>navigator.sendBeacon({js}, 'x')</script>",
    "eventsource": "<script>new EventSource({js})</script>",
    "ws": "<script>new WebSocket({js})</script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob(["
    "`fetch(${{JSON.stringify({js})}}, {{mode: 'no-cors'}})`])))</script>",
    "service-worker": "<script>navigator.serviceWorker.register('/sw.js?to=' + "
    "encodeURIComponent({js})).then(() => document.title = 'registered')</script>",
    "webrtc": "<script>const p = new RTCPeerConnection({{iceServers: [{{urls: {js}, "
    "username: 'u', credential: 'c'}}]}}); p.createDataChannel('x'); "
    "p.createOffer().then(o => p.setLocalDescription(o))</script>",
    "webtransport": "<script>new WebTransport({js}).ready.catch(() => 0)</script>",
}
