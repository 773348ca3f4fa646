import { contentSecurityPolicy } from './content-security-policy.ts';
import { WORDS, type Language } from './words.ts';

export interface Neighbours {
  /** The companion's address with its base path: what the element calls `endpoint`. */
  companion: string;
  /** Origin of the sandbox, which serves the phone. */
  sandbox: string;
  /** The chat asks which number the page shows. */
  confirm?: boolean;
}

/** The page talks to its companion only. */
export function pagePolicy({ companion, sandbox }: Neighbours): string {
  return contentSecurityPolicy({
    'img-src': `'self' data: blob:`,
    'connect-src': new URL(companion).origin,
    'frame-src': sandbox,
  });
}

/** The whole page: the shop's site on one side, the phone on the other. */
export function renderPage(language: Language, { companion, sandbox, confirm = false }: Neighbours): string {
  const words = WORDS[language];
  const other: Language = language === 'en' ? 'zh-CN' : 'en';
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${words.title}</title>
    <link rel="icon" href="/leaf.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/base.css">
    <link rel="stylesheet" href="/site.css">
    <script type="module" src="/wechat-follow-login.min.js"></script>
    <script type="module" src="/site.js"></script>
    <script type="module" src="/phone-camera.js"></script>
  </head>
  <body>
    <div class="site">
      <header>
        <a class="brand" href="/?lang=${language}"><img src="/leaf.svg" alt="" width="28" height="28">${words.brand}</a>
        <nav>
          <span>${words.shop}</span>
          <span>${words.visit}</span>
          <a class="language" href="/?lang=${other}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a>
        </nav>
      </header>
      <main>
        <section id="sign-in" class="sign-in">
          <div class="welcome">
            <h1>${words.headline}</h1>
            <p class="lead">${words.lead}</p>
            <ul>
              <li>${words.point1}</li>
              <li>${words.point2}</li>
              <li>${words.point3}</li>
            </ul>
          </div>
          <wechat-follow-login id="login" endpoint="${companion}" lang="${language}" theme="light" heading="${words.signInHeading}"></wechat-follow-login>
        </section>
        <section id="account" class="account" tabindex="-1" aria-labelledby="account-heading" hidden>
          <div class="greeting">
            <span id="initial" class="initial" aria-hidden="true"></span>
            <div>
              <h1 id="account-heading" data-named="${words.welcomeNamed}" data-plain="${words.welcome}"></h1>
              <p>${words.signedIn}</p>
            </div>
            <button id="sign-out" type="button">${words.signOut}</button>
          </div>
          <div class="cards">
            <article>
              <h2>${words.stamps}</h2>
              <p class="stamps" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i><b></b><b></b><b></b></p>
              <p>${words.stampsNote}</p>
            </article>
            <article>
              <h2>${words.nextOrder}</h2>
              <p class="parcel" aria-hidden="true"><i></i></p>
              <p>${words.nextOrderNote}</p>
            </article>
          </div>
          <article class="received">
            <h2>${words.details}</h2>
            <dl id="claims"></dl>
            <p class="note">${words.detailsNote}</p>
            <p id="valid-for" class="note" data-text="${words.validFor}"></p>
          </article>
        </section>
      </main>
      <footer>${words.footer} <a href="/gallery?lang=${language}">${words.gallery}</a></footer>
    </div>
    <aside class="phone">
      <p>${confirm ? words.phoneHintConfirm : words.phoneHint}</p>
      <iframe id="phone" title="${words.phoneTitle}" src="${sandbox}/phone?lang=${language}" allow="clipboard-read; display-capture"></iframe>
    </aside>
  </body>
</html>
`;
}
