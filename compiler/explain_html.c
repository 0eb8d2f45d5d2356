/* tmc --explain=html: one page with the whole script, which needs no other
 * file and no network. */
#include "compiler/explain.h"

static const char style[] =
    ":root{--page:#fbfbfa;--ink:#1f2328;--soft:#667078;--rule:#e3e5e8;"
    "--bar:#3b82c4;--code:#fff;--warn:#9a5b00;--warnbg:#fff4dd;"
    "--key:#8250a8;--num:#0b6e4f}\n"
    "@media (prefers-color-scheme:dark){:root{--page:#15181b;--ink:#e3e6e9;"
    "--soft:#8d98a2;--rule:#2b3137;--bar:#5aa2e0;--code:#1b1f23;"
    "--warn:#f0b45b;--warnbg:#33291a;--key:#c8a2ea;--num:#6fd3a8}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;padding:2rem clamp(1rem,4vw,3rem);background:var(--page);"
    "color:var(--ink);font:15px/1.5 system-ui,sans-serif}\n"
    "h1{margin:0;font-size:1.35rem;font-weight:650}\n"
    "p{margin:.2rem 0;color:var(--soft)}\n"
    "dl{display:flex;flex-wrap:wrap;gap:.6rem 2.5rem;margin:1.2rem 0}\n"
    "dt{color:var(--soft);font-size:.8rem}\n"
    "dd{margin:0;font-size:1.3rem;font-weight:600;"
    "font-variant-numeric:tabular-nums}\n"
    ".wide{overflow-x:auto;border:1px solid var(--rule);border-radius:8px;"
    "background:var(--code)}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th{padding:.5rem .8rem;text-align:left;font-size:.8rem;font-weight:600;"
    "color:var(--soft);border-bottom:1px solid var(--rule);"
    "white-space:nowrap}\n"
    "th button{all:unset;cursor:pointer}\n"
    "th button:hover,th button:focus-visible{color:var(--ink);"
    "text-decoration:underline}\n"
    "td{padding:.14rem .8rem;vertical-align:top}\n"
    "tr.work td{border-top:1px solid var(--rule);padding:.35rem .8rem}\n"
    "tr.work+tr.rest td{border-top:1px solid var(--rule)}\n"
    ".n{text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}\n"
    "td.l{color:var(--soft);width:1%;user-select:none}\n"
    "code{font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"
    "monospace;white-space:pre}\n"
    "tr.rest code{color:var(--soft)}\n"
    ".share{min-width:8.5rem}\n"
    ".share div{height:5px;margin-top:.15rem;border-radius:3px;"
    "background:var(--rule)}\n"
    ".share i{display:block;height:100%;border-radius:3px;"
    "background:var(--bar);min-width:3px}\n"
    ".what{min-width:16rem}\n"
    ".what p{font-size:.85rem}\n"
    "details{margin:.15rem 0;font-size:.9rem}\n"
    "summary{cursor:pointer;color:var(--key)}\n"
    "details div{white-space:nowrap;padding:.2rem 0 .3rem 1rem}\n"
    ".to{color:var(--num)}\n"
    ".warn{margin:.2rem 0;padding:.15rem .5rem;border-radius:4px;"
    "background:var(--warnbg);color:var(--warn);font-size:.85rem}\n";

/* Rows by a column's number, the largest first; "line" restores the script's
 * order. */
static const char sorter[] =
    "document.querySelectorAll('th button').forEach(function(b){"
    "b.addEventListener('click',function(){"
    "var t=document.querySelector('tbody'),k=b.dataset.by,"
    "v=function(r){return +r.dataset[k]};"
    "Array.from(t.rows).sort(function(x,y){"
    "return (k==='line'?v(x)-v(y):v(y)-v(x))||x.dataset.line-y.dataset.line})"
    ".forEach(function(r){t.appendChild(r)})})});\n";

/* Text between tags and in quotes. */
static void put(FILE *out, const char *text, size_t length)
{
    while (length > 0) {
        size_t bytes = source_utf8(text, length);
        unsigned char c = (unsigned char)text[0];

        if (c == '&')
            fputs("&amp;", out);
        else if (c == '<')
            fputs("&lt;", out);
        else if (c == '>')
            fputs("&gt;", out);
        else if (c == '"')
            fputs("&quot;", out);
        else if (!bytes || (c < 0x20 && c != '\t') || c == 0x7f)
            fputs("\xef\xbf\xbd", out); /* no text, or none that shows */
        else
            fwrite(text, 1, bytes, out);
        bytes += !bytes;
        text += bytes;
        length -= bytes;
    }
}

static void put_text(FILE *out, const char *text)
{
    put(out, text, strlen(text));
}

static void put_total(FILE *out, const char *name, const char *value)
{
    fputs("<div><dt>", out);
    put_text(out, name);
    fputs("</dt><dd>", out);
    put_text(out, value);
    fputs("</dd></div>\n", out);
}

static void put_head(FILE *out, const struct explain *e)
{
    const char *name = e->c->source->name;

    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
          "<meta charset=\"utf-8\"/>\n"
          "<meta name=\"viewport\" content=\"width=device-width\"/>\n"
          "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>",
          out);
    put_text(out, name);
    fprintf(out, " explained</title>\n<style>\n%s</style>\n</head>\n<body>\n",
            style);
    fputs("<h1>", out);
    put_text(out, name);
    fputs("</h1>\n<p>", out);
    put_text(out, explain_sizes(e));
    fputs("</p>\n", out);
    if (!e->binding)
        return;
    fputs("<dl>\n", out);
    put_total(out, "work", explain_amount(e, e->total.flops, "flop"));
    put_total(out, "tiles moved", explain_amount(e, e->total.bytes, "B"));
    put_total(out, "tasks", arena_printf(e->c->arena, "%.0f", e->total.tasks));
    fputs("</dl>\n", out);
    if (e->cut)
        fprintf(out,
                "<p class=\"warn\">The plan has more than %d tasks: the rest "
                "is not counted.</p>\n",
                EXPLAIN_MOST);
}

static void put_note(FILE *out, const struct explain *e,
                     const struct rewrite_note *note)
{
    fputs("<details><summary>", out);
    put_text(out, note->rule);
    fputs("</summary><div><code>", out);
    put_text(out, note->before);
    fputs("</code><br/><code class=\"to\">&#8594; ", out);
    put_text(out, note->after);
    fputs("</code><br/>", out);
    put_text(out, explain_costs(e, note));
    fputs("</div></details>", out);
}

static void put_warnings(FILE *out, const struct explain *e, uint32_t line)
{
    uint32_t k;

    for (k = 0; k < e->c->diags->list.count; k++) {
        const struct diag *x = &e->c->diags->list.items[k];
        if (x->level != DIAG_WARNING || explain_line_of(e, x->place) != line)
            continue;
        fputs("<div class=\"warn\">", out);
        put_text(out, x->text);
        fprintf(out, " [%s]</div>", diag_table[x->id].name);
    }
}

static void put_what(FILE *out, const struct explain *e,
                     const struct explain_line *x)
{
    uint32_t k;

    fputs("<td class=\"what\">", out);
    put_text(out, explain_kernels(e, x));
    for (k = 0; k < EXPLAIN_MARKS; k++)
        if (x->marks & 1 << k) {
            fputs("<p>", out);
            put_text(out, explain_mark_text((uint8_t)k));
            fputs("</p>", out);
        }
    for (k = 0; k < e->c->notes.count; k++)
        if (explain_line_of(e, e->c->notes.items[k].place) == x->line)
            put_note(out, e, &e->c->notes.items[k]);
    put_warnings(out, e, x->line);
    fputs("</td>", out);
}

static void put_flops(FILE *out, const struct explain *e,
                      const struct explain_line *x)
{
    const char *formula;

    fputs("<td class=\"n share\">", out);
    if (e->binding)
        put_text(out, explain_amount(e, x->count.flops, "flop"));
    else if (x->kernels.count && (formula = explain_flops(e, x)))
        put_text(out, arena_printf(e->c->arena, "%s flop", formula));
    if (e->binding && e->total.flops > 0 && x->count.flops > 0)
        fprintf(out, "<div><i style=\"width:%.2f%%\"></i></div>",
                100 * x->count.flops / e->total.flops);
    fputs("</td><td class=\"n\">", out);
    if (e->binding)
        put_text(out, explain_amount(e, x->count.bytes, "B"));
    fputs("</td>", out);
}

/* One line of the script; x: what it became, or NULL. */
static void put_line(FILE *out, const struct explain *e, uint32_t line,
                     const struct explain_line *x)
{
    const char *text;
    size_t length;

    fprintf(out,
            "<tr class=\"%s\" data-line=\"%u\" data-flops=\"%.17g\" "
            "data-bytes=\"%.17g\"><td class=\"l n\">",
            x ? "work" : "rest", line, x ? x->count.flops : -1,
            x ? x->count.bytes : -1);
    if (line) {
        text = explain_source(e, line, &length);
        fprintf(out, "%u</td><td><code>", line);
        put(out, text, length);
        fputs("</code></td>", out);
    } else {
        fputs("</td><td>inside the library</td>", out);
    }
    if (x) {
        put_flops(out, e, x);
        put_what(out, e, x);
    } else {
        fputs("<td></td><td></td><td></td>", out);
    }
    fputs("</tr>\n", out);
}

static uint32_t line_count(const struct source *source)
{
    uint32_t lines = source->size && source->text[source->size - 1] != '\n';
    size_t k;

    for (k = 0; k < source->size; k++)
        lines += source->text[k] == '\n';
    return lines;
}

void explain_html(FILE *out, const struct explain *e)
{
    const struct explain_line *x = e->lines.items, *end = x + e->lines.count;
    uint32_t line, lines = line_count(e->c->source);

    put_head(out, e);
    fputs("<div class=\"wide\"><table>\n<thead><tr>"
          "<th class=\"n\"><button data-by=\"line\">line</button></th>"
          "<th>script</th>"
          "<th class=\"n\"><button data-by=\"flops\">work</button></th>"
          "<th class=\"n\"><button data-by=\"bytes\">tiles moved</button></th>"
          "<th>became</th></tr></thead>\n<tbody>\n",
          out);
    for (line = 0; line <= lines; line++) {
        int work = x < end && x->line == line;
        if (line || work)
            put_line(out, e, line, work ? x : NULL);
        x += work;
    }
    fprintf(out,
            "</tbody>\n</table></div>\n<script>\n%s</script>\n</body>\n"
            "</html>\n",
            sorter);
}
