/** Looks of the phone page: a handset on a wide window, the whole window on a narrow one. */
export const PHONE_CSS = `
*, ::before, ::after { box-sizing: border-box; }
html { height: 100%; color-scheme: light; }
body { margin: 0; min-height: 100%; display: grid; place-items: center; background: #e9ebee;
  font: 16px/1.45 system-ui, -apple-system, 'PingFang SC', 'Noto Sans SC', 'Microsoft YaHei', sans-serif; color: #191919; }
[hidden] { display: none !important; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
h1, h2, p, ol { margin: 0; padding: 0; }
button, input, select { font: inherit; color: inherit; }
button, select, .button { cursor: pointer; }
:focus-visible { outline: 3px solid #2f7cf6; outline-offset: 2px; }
h1:focus { outline: none; }

.phone { width: min(100vw, 390px); height: min(100vh, 800px); display: flex; flex-direction: column; overflow: hidden;
  background: #ededed; border: 10px solid #16181c; border-radius: 46px; box-shadow: 0 24px 60px rgb(20 26 40 / .28); }
@media (max-width: 419px) { .phone { width: 100vw; height: 100vh; border: 0; border-radius: 0; box-shadow: none; } }

.status-bar { display: grid; grid-template-columns: 1fr auto 1fr; align-items: center; padding: 10px 22px 4px; font-size: 14px; font-weight: 600; }
.island { width: 92px; height: 24px; border-radius: 12px; background: #16181c; }
.signal { display: flex; gap: 3px; justify-content: end; align-items: end; }
.signal i { width: 3px; background: currentColor; border-radius: 1px; height: 6px; }
.signal i:nth-child(2) { height: 9px; } .signal i:nth-child(3) { height: 12px; }
.signal b { width: 22px; height: 12px; border: 1.5px solid currentColor; border-radius: 4px; margin-left: 4px; background: linear-gradient(to right, currentColor 70%, transparent 70%) content-box; padding: 1.5px; }

.bar { display: grid; grid-template-columns: 72px 1fr 72px; align-items: center; padding: 6px 12px; min-height: 48px; }
.bar h1 { font-size: 17px; text-align: center; }
.bar button { background: none; border: 0; border-radius: 8px; min-height: 40px; }
.back { width: 40px; }
.back::before { content: ''; display: block; width: 11px; height: 11px; margin-left: 14px; border: solid currentColor; border-width: 0 0 2px 2px; rotate: 45deg; }
.more { font-size: 13px; justify-self: end; }
.phone[data-screen=camera] :is(.back, .more), .phone:not([data-screen=chat]) .more { visibility: hidden; }

.screen { flex: 1; min-height: 0; display: flex; flex-direction: column; gap: 14px; padding: 10px 18px 16px; overflow: auto; }
.phone[data-screen=camera] { background: #101214; color: #fff; }
.phone[data-screen=camera] .island { background: #000; }

.finder { position: relative; flex: 1 1 220px; min-height: 150px; max-height: 340px; border-radius: 18px; overflow: hidden;
  background: radial-gradient(circle at 50% 40%, #2b3138, #15181c); }
.finder canvas { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
.corners i { position: absolute; width: 28px; height: 28px; border: 3px solid #2bd06b; }
.corners i:nth-child(1) { inset: 16px auto auto 16px; border-width: 3px 0 0 3px; }
.corners i:nth-child(2) { inset: 16px 16px auto auto; border-width: 3px 3px 0 0; }
.corners i:nth-child(3) { inset: auto auto 16px 16px; border-width: 0 0 3px 3px; }
.corners i:nth-child(4) { inset: auto 16px 16px auto; border-width: 0 3px 3px 0; }
.line { position: absolute; inset: 16px 16px auto; height: 3px; border-radius: 2px; background: linear-gradient(90deg, transparent, #2bd06b, transparent); opacity: 0; }
.finder.looking .line { opacity: 1; animation: sweep 1.8s ease-in-out infinite alternate; }
@keyframes sweep { to { top: calc(100% - 19px); } }
@media (prefers-reduced-motion: reduce) { .finder.looking .line { animation: none; top: 50%; } }
.finder.dropping { box-shadow: 0 0 0 3px #2bd06b; }

.hint { text-align: center; font-size: 14px; min-height: 2.9em; color: #d5d9de; display: grid; place-items: center; }
.shutter { align-self: center; flex: none; width: 68px; height: 68px; padding: 5px; border: 3px solid #fff; border-radius: 50%; background: none; }
.shutter span { display: block; height: 100%; border-radius: 50%; background: #2bd06b; transition: scale .15s; }
.shutter:hover span { scale: .93; } .shutter:active span { scale: .84; }
.sources { display: flex; gap: 10px; justify-content: center; }
.sources button, .button { border: 1px solid #4a5058; background: #1d2126; border-radius: 18px; padding: 6px 14px; font-size: 13px; }
.button:focus-within { outline: 3px solid #2f7cf6; outline-offset: 2px; }
.button input { position: absolute; width: 1px; height: 1px; opacity: 0; }

.entry { display: grid; grid-template-columns: 1fr auto; gap: 6px 8px; font-size: 13px; }
.entry label:not(.hidden) { grid-column: 1 / -1; color: #aeb4bb; }
.entry input { min-width: 0; border: 1px solid #4a5058; background: #1d2126; border-radius: 10px; padding: 8px 10px; }
.entry button { border: 0; border-radius: 10px; padding: 8px 14px; background: #07883f; color: #fff; }

.card { display: flex; gap: 14px; align-items: center; background: #fff; border-radius: 14px; padding: 18px; }
.card h2 { font-size: 18px; } .card p, .intro { color: #5d6168; font-size: 14px; }
.intro { padding: 0 4px; flex: 1; }
.primary { border: 0; border-radius: 12px; padding: 13px; background: #07883f; color: #fff; font-weight: 600; }
.primary:hover { background: #06763a; }

.log { flex: 1; min-height: 0; overflow: auto; border-radius: 8px; }
.lines { list-style: none; display: flex; flex-direction: column; gap: 10px; padding: 4px 0; }
.lines li { max-width: 82%; padding: 9px 13px; border-radius: 10px; background: #fff; align-self: start; white-space: pre-wrap; overflow-wrap: anywhere; }
.lines .person { align-self: end; background: #95ec69; }
.lines .notice { align-self: center; background: none; color: #63676d; font-size: 13px; text-align: center; }
.lines .tap { display: inline; min-height: 32px; padding: 3px 8px; margin: 1px -2px; border: 0; border-radius: 7px; background: #eaf1fb; color: #2a5a96; font-weight: 600; text-align: start; }
.lines .tap:hover { background: #d9e6f8; }
.lines .inert { color: #2a5a96; text-decoration: underline dotted; cursor: help; }
.lines .article + .article { border-top: 1px solid #e4e6e9; margin-top: 8px; padding-top: 8px; }
.lines .article p { color: #5d6168; font-size: 14px; }
.lines .picture { display: grid; place-items: center; width: 150px; height: 100px; border-radius: 8px; background: #e6e9ed; color: #4d535a; font-size: 14px; }
.say input { background: #fff; border-color: #c9cdd2; }

#screen-problem { align-items: stretch; text-align: center; }
.problem { margin: 40px auto 8px; width: 64px; height: 64px; border-radius: 50%; background: #c7700b; color: #fff; font-size: 36px; font-weight: 700; display: grid; place-items: center; }
#problem { flex: 1; color: #3c4046; }

.tools { display: flex; align-items: center; gap: 8px; padding: 9px 18px 14px; font-size: 12.5px; border-top: 1px solid rgb(127 127 127 / .28); }
.tools select { flex: 1; min-width: 0; padding: 5px 8px; border-radius: 8px; border: 1px solid rgb(127 127 127 / .5); background: transparent; }
.tools option { color: #191919; }
.tools button { border: 1px solid rgb(127 127 127 / .5); border-radius: 8px; background: transparent; padding: 5px 10px; }
`;
