#include "cli/budget_page_style.h"

namespace sfumato {

// Colours of spenders keep 3:1 against the card that they lie on, words 4.5:1.
const std::string_view kBudgetPageStyle = R"(
:root{color-scheme:light dark;--paper:#f4f5f2;--card:#fff;--ink:#1c2126;--soft:#545d68;--line:#dfe2e0;
--accent:#1f6f78;--low:#b3401f;--c0:#2f6db5;--c1:#c76b12;--c2:#2a8f74;--c3:#b34a80;--c4:#7559b8;
--c5:#7d8420;--c6:#a5462f;--c7:#78828c}
@media screen and (prefers-color-scheme:dark){:root{--paper:#0f1316;--card:#181d22;--ink:#e9ecee;
--soft:#a3adb7;--line:#2e363d;--accent:#58b3bb;--low:#f08a63;--c0:#6ea8ea;--c1:#eba048;--c2:#54c3a3;
--c3:#e788b6;--c4:#ab93ea;--c5:#b9bf55;--c6:#e2836a;--c7:#98a3ad}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",
Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
header,main,footer{max-width:64rem;margin:0 auto;padding:0 1rem}
header{padding-top:2rem}
h1{font-size:1.75rem;line-height:1.2;margin:.1rem 0 .3rem;letter-spacing:-.01em}
h2{font-size:1.25rem;line-height:1.3;margin:0 0 .25rem}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.25rem 0}
small,.soft,figcaption{color:var(--soft);font-size:.875rem}
.kicker{margin:0;color:var(--accent);font-weight:600;font-size:.875rem}
code{font:.8125rem/1.5 ui-monospace,"DejaVu Sans Mono",monospace}
section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem;
margin:1.25rem 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:1.25rem 0 0;
padding:0}
.tiles div{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem}
.tiles dt{color:var(--soft);font-size:.875rem}
.tiles dd{margin:0;font-size:1.5rem;line-height:1.3;font-weight:600}
figure{margin:1rem 0 0}
.plot{display:grid;grid-template-columns:auto 1fr;column-gap:.5rem}
.plot svg{display:block;width:100%;height:15rem;overflow:visible}
.ys,.xs{position:relative;color:var(--soft);font-size:.75rem;line-height:1}
.ys{min-width:2.75rem}
.ys span{position:absolute;right:0;transform:translateY(50%);white-space:nowrap}
.drawn{position:relative}
.capname{position:absolute;left:0;color:var(--low);font-size:.75rem;line-height:1;padding-bottom:.25rem}
.xs{grid-column:2;height:1.5rem;margin-top:.4rem}
.xs span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.xs .first{transform:none}
.xs .last{transform:translateX(-100%)}
.grid{stroke:var(--line);fill:none;vector-effect:non-scaling-stroke}
.cap{stroke:var(--low);stroke-width:2;stroke-dasharray:6 4;fill:none;vector-effect:non-scaling-stroke}
.plot [class^=s]{stroke:var(--card);stroke-width:1;vector-effect:non-scaling-stroke}
.s0{fill:var(--c0)}.s1{fill:var(--c1)}.s2{fill:var(--c2)}.s3{fill:var(--c3)}
.s4{fill:var(--c4)}.s5{fill:var(--c5)}.s6{fill:var(--c6)}.s7{fill:var(--c7)}
.legend{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:.25rem 1.5rem;
list-style:none;margin:.75rem 0 0;padding:0;font-size:.875rem}
.legend li{display:grid;grid-template-columns:.875rem 1fr auto;gap:.5rem;align-items:baseline}
.legend svg{width:.875rem;height:.875rem;align-self:center}
.budgets{list-style:none;margin:0;padding:0}
.budgets li{display:grid;gap:.25rem 1.5rem;padding:.6rem 0;border-top:1px solid var(--line)}
.budgets li:first-child{border-top:0;padding-top:0}
.in1{padding-left:1rem!important}.in2{padding-left:2rem!important}
.axis{display:grid;align-content:start;grid-template-columns:1ch 1fr;column-gap:.6rem;align-items:center;font-size:.875rem}
.axis svg{display:block;width:100%;height:.75rem;border-radius:.375rem}
.axis>span{grid-column:2}
.trough{fill:var(--line)}.left{fill:var(--accent)}.low .left{fill:var(--low)}
.low>span{color:var(--low);font-weight:600}
table{width:100%;border-collapse:collapse;font-size:.9375rem}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding-bottom:.5rem}
th,td{text-align:left;vertical-align:top;padding:.5rem 1rem .5rem 0}
th{color:var(--soft);font-weight:500;font-size:.875rem}
tbody tr{border-top:1px solid var(--line)}
.list td:nth-child(2){min-width:6rem}
.nowrap{white-space:nowrap}
.state{display:inline-block;white-space:nowrap;border:1px solid currentColor;border-radius:1rem;
padding:0 .6rem;font-size:.8125rem}
.published{color:var(--accent)}.stored{color:var(--soft)}.reserved{color:var(--low)}
.list .released{border-top:0}
.released td{padding-top:0}
.released table{font-size:.8125rem;width:auto;max-width:100%}
.released th,.released td{padding:.15rem 1rem .15rem 0}
footer{padding-bottom:2.5rem}
@media (min-width:44rem){
.budgets li{grid-template-columns:15rem 1fr 1fr}
.in1,.in2{grid-template-columns:14rem 1fr 1fr!important}
.in2{grid-template-columns:13rem 1fr 1fr!important}}
@media (max-width:43.99rem){
section{padding:1rem}
.plot svg{height:12rem}
.list thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.list,.list>caption,.list>tbody{display:block}
.list>tbody>tr{display:flex;flex-wrap:wrap;gap:.1rem .75rem;padding:.6rem 0}
.list>tbody>tr>td{padding:0;min-width:0}
.list .wide{flex:1 0 100%}}
@media print{
body{background:#fff;font-size:10pt}
header,main,footer{max-width:none;padding:0}
section{border-color:#ccc;padding:.75rem 1rem}
section,.tiles div{break-inside:auto}
figure,tr,.budgets li{break-inside:avoid}
svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";

}  // namespace sfumato
