/** The phone page. Texts stand here in English for a reader without scripts; `data-text` names what replaces them. */
export const PHONE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox phone</title>
<link rel="icon" href="/sandbox/avatar.svg">
<link rel="stylesheet" href="/phone/style.css">
<script type="module" src="/phone/app.js"></script>
</head>
<body>
<main class="phone" data-testid="phone" data-screen="camera" id="phone">
  <div class="status-bar" aria-hidden="true"><span id="time">9:41</span><span class="island"></span><span class="signal"><i></i><i></i><i></i><b></b></span></div>

  <header class="bar">
    <button type="button" class="back" id="back" data-testid="back" data-label="back" aria-label="Back"></button>
    <h1 id="title" tabindex="-1">Scan</h1>
    <button type="button" class="more" id="unfollow" data-testid="unfollow" data-text="unfollow">Unfollow</button>
  </header>

  <section class="screen" id="screen-camera" aria-labelledby="title">
    <div class="finder" id="finder">
      <canvas id="view" data-testid="view" width="480" height="480" aria-hidden="true"></canvas>
      <div class="corners" aria-hidden="true"><i></i><i></i><i></i><i></i></div>
      <div class="line" aria-hidden="true"></div>
    </div>
    <p class="hint" id="camera-status" data-testid="camera-status" role="status"></p>
    <button type="button" class="shutter" id="scan" data-testid="scan" data-label="scanPage" aria-label="Scan the page beside this phone"><span></span></button>
    <div class="sources">
      <button type="button" id="capture" data-testid="capture" data-text="capture" hidden>Capture screen</button>
      <label class="button"><input type="file" id="picture" data-testid="picture" accept="image/*"><span data-text="picture">Choose picture</span></label>
    </div>
    <form class="entry" id="entry">
      <label for="qr-text" data-text="qrText">QR content</label>
      <input id="qr-text" data-testid="qr-text" type="text" inputmode="url" autocomplete="off" spellcheck="false" placeholder="http://weixin.qq.com/q/02…">
      <button id="qr-scan" data-testid="qr-scan" data-text="enter">Scan</button>
    </form>
  </section>

  <section class="screen" id="screen-profile" aria-labelledby="title" hidden>
    <div class="card">
      <img src="/sandbox/avatar.svg" alt="" width="64" height="64">
      <div><h2 id="account-name" data-testid="account-name"></h2><p data-text="accountKind">Service account</p></div>
    </div>
    <p class="intro" data-text="intro">Everything on this phone is played by the sandbox. Follow the account to go on.</p>
    <button type="button" class="primary" id="follow" data-testid="follow" data-text="follow">Follow</button>
  </section>

  <section class="screen" id="screen-chat" aria-labelledby="title" hidden>
    <div class="log" role="log" aria-live="polite" tabindex="0" aria-labelledby="title"><ol class="lines" id="lines" data-testid="chat"></ol></div>
    <form class="entry say" id="say-form">
      <label class="hidden" for="say-text" data-text="message">Message</label>
      <input id="say-text" data-testid="say-text" type="text" autocomplete="off">
      <button id="say" data-testid="say" data-text="send">Send</button>
    </form>
  </section>

  <section class="screen" id="screen-problem" aria-labelledby="title" hidden>
    <div class="problem" aria-hidden="true">!</div>
    <p id="problem" data-testid="problem" role="alert"></p>
    <button type="button" class="primary" id="again" data-testid="again" data-text="again">Scan again</button>
  </section>

  <footer class="tools">
    <label for="user" data-text="whose">Phone of</label>
    <select id="user" data-testid="user"></select>
    <button type="button" id="reset" data-testid="reset" data-text="reset">Reset</button>
  </footer>
</main>
</body>
</html>
`;
