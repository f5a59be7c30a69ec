// The EHR's one stylesheet: the look of 2009, kept readable. It loads nothing.

export const stylesheet = `
body { margin: 0; font: 13px/1.45 Tahoma, Verdana, "DejaVu Sans", sans-serif; color: #1d2a38; background: #f4f7fa; }
a { color: #1b4f87; } a:hover { color: #b3541e; }
h1 { font-size: 19px; font-weight: normal; color: #20466e; margin: 0 0 12px; }
h2 { font-size: 14px; color: #20466e; margin: 0 0 6px; }
p { margin: 0 0 10px; } ul { margin: 0; padding-left: 18px; }
.work { padding: 18px 22px; }
table.grid { border-collapse: collapse; width: 100%; background: #fff; border: 1px solid #b8c6d6; }
table.grid th { text-align: left; background: #dbe6f1; color: #24435f; padding: 5px 9px; border-bottom: 1px solid #b8c6d6; white-space: nowrap; }
table.grid td { padding: 4px 9px; border-bottom: 1px solid #e5ebf1; vertical-align: top; }
table.grid tr:nth-child(even) td { background: #f7fafc; }
table.grid.narrow { width: auto; min-width: 420px; }
.panel { background: #fff; border: 1px solid #b8c6d6; padding: 12px 14px; margin: 0 0 14px; }
.patient { background: #fff7e0; border: 1px solid #d9c483; padding: 8px 14px; margin: 0 0 12px; }
.patient b { font-size: 16px; color: #503a05; margin-right: 14px; } .patient span { margin-right: 16px; }
.tabs { margin: 0 0 14px; border-bottom: 2px solid #7b9cbd; }
.tabs a { display: inline-block; padding: 4px 13px; background: #dbe6f1; border: 1px solid #b8c6d6; border-bottom: 0; margin-right: 3px; text-decoration: none; }
.tabs a.here { background: #7b9cbd; color: #fff; }
.columns { display: flex; gap: 14px; } .columns > div { flex: 1; min-width: 0; }
.buttons { margin: 12px 0; }
textarea { width: 100%; box-sizing: border-box; }
input, select, textarea { font: inherit; border: 1px solid #9fb1c4; padding: 3px 5px; }
input[type=text], input[type=password] { width: 220px; }
button { font: inherit; color: #fff; background: #3c6c9e; border: 1px solid #2b5480; padding: 4px 14px; cursor: pointer; }
button:hover { background: #2b5480; }
.message { background: #fdecea; border: 1px solid #d9a59f; color: #7d1f14; padding: 7px 12px; margin: 0 0 12px; }
.done { background: #eaf6ea; border: 1px solid #a5cba5; color: #1f5a24; padding: 7px 12px; margin: 0 0 12px; }
.quiet { color: #66788a; }
.fragment { border: 0; width: 100%; height: 330px; background: #fff; }
body.plain { background: #fff; }
.note { border-top: 1px solid #e5ebf1; padding: 7px 0; white-space: pre-line; }
body.banner { background: linear-gradient(#3f6f9f, #2c5683); color: #fff; height: 56px; }
.banner table { width: 100%; height: 56px; border-spacing: 0; } .banner td { padding: 0 16px; }
.banner .who { text-align: right; } .banner a { color: #dcebfa; margin-left: 10px; }
.banner img { vertical-align: middle; margin-right: 9px; } .banner .name { font-size: 18px; vertical-align: middle; }
.banner .carried { background: #fff7e0; color: #503a05; padding: 3px 11px; border-radius: 9px; }
.banner .carried:empty { display: none; }
body.nav { background: #e4ecf4; border-right: 1px solid #b8c6d6; min-height: 100vh; box-sizing: border-box; padding: 12px 0; }
.nav h2 { margin: 12px 16px 3px; font-size: 11px; text-transform: uppercase; letter-spacing: .6px; color: #66788a; }
.nav a { display: block; padding: 4px 16px; text-decoration: none; } .nav a:hover { background: #d0deec; }
.login h1 img { vertical-align: -5px; margin-right: 4px; }
.login { width: 330px; margin: 90px auto 0; background: #fff; border: 1px solid #b8c6d6; padding: 22px 26px; }
.login label { display: block; margin: 9px 0 2px; } .login input { width: 100%; box-sizing: border-box; } .login button { margin-top: 14px; }
.pictures img { width: 150px; height: 150px; border: 1px solid #b8c6d6; background: #000; margin: 0 8px 0 0; }
.chat { height: 96px; overflow: auto; border: 1px solid #e5ebf1; padding: 6px; margin: 0 0 8px; background: #fbfdfe; }
`.trimStart();
