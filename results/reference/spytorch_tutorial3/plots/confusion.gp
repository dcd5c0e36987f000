# Confusion matrix over the test set: the share of a class's samples (a row) that was taken for each class.
# Numbers are per cent; cells without any are below one half. Run seed_0-37c57bf3ae9d: the first recorded of 3 seeds: without validation there is no best run.
# Data: data/confusion.csv (relative to this file's folder).
#
#   gnuplot confusion.gp                   writes confusion.svg beside this file, from any folder
#   gnuplot -e 'term="png"' confusion.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 480
height = 402    # pixels, of which 480 are a column's width, 8.5 cm
font = 15    # pixels, of which 2 are a point in print
number_font = 12
label_font = 13
array class_name[10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]

# ---- Set-up: the folder of this file, the kind of picture, the style
here = ARG0
while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }
# gnuplot takes names that begin with < or | for commands.
if (here[1:1] ne "/") here = "./" . here
# Sizes are pixels of the SVG. The terminals of Cairo take points of 1/72 inch for pixels of 1/96 inch; they draw dashes,
# and pngcairo points, smaller than svg, and all ticks half as long.
is_cairo = term eq "pdf" || (term eq "png" && strstrt(GPVAL_TERMINALS, "pngcairo") > 0)
font_unit = term eq "pdf" ? 0.5 : term eq "png" && !is_cairo ? 1.5 : 1
font_size(pixels) = sprintf(",%g", pixels * font_unit)
tic_scale = is_cairo ? 1 : 0.5
if (term eq "svg") set terminal svg size width,height font "Arial" . font_size(font) background "white"
if (term eq "pdf") set terminal pdfcairo size width * 8.5 / 480 cm,height * 8.5 / 480 cm \
  font "Arial" . font_size(font) fontscale 0.75 linewidth 1 pointscale 1 dashlength 1.8
if (term eq "png" && is_cairo) set terminal pngcairo size 2 * width,2 * height \
  font "Arial" . font_size(font) fontscale 1.5 linewidth 2 pointscale 4 dashlength 1.96
if (term eq "png" && !is_cairo) set terminal png size 2 * width,2 * height font "Arial" . font_size(font) linewidth 2
# The picture's ending; while it is drawn, another one.
if (!exists("ending")) ending = term
set output here . "confusion." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
confusion = here . "data/confusion.csv"
classes = 10

unset key
unset grid
set border 15
tick_font = font_size(label_font)
set tics scale 0 font tick_font
set lmargin at screen 0.09721
set rmargin at screen 0.7937
set bmargin at screen 0.1335
set tmargin at screen 0.9652
set xrange [-0.5:classes - 0.5]
set yrange [classes - 0.5:-0.5]
set label 1 "predicted class" at screen 0.4455,0.03731 center
set label 2 "true class" at screen 0.025,0.5494 center rotate by 90
set cbrange [0:100]
set cbtics 20
set cblabel "share of true class (%)" offset 0.5
set colorbox user origin screen 0.8125,graph 0 size screen 0.02,graph 1
# ColorBrewer's Blues, placed so that lightness falls in proportion to the share.
set palette defined (0 "#F7FBFF", 0.077 "#DEEBF7", 0.154 "#C6DBEF", 0.27 "#9ECAE1", 0.41 "#6BAED6", \
  0.526 "#4292C6", 0.667 "#2171B5", 0.82 "#08519C", 1 "#08306B")
unset xtics
# Of so many classes each has its name.
every = 1
name(k) = int(k) % every == 0 ? class_name[k + 1] : ""
# Labels, not ticks: gnuplot would complain of the room that long ones take.
do for [k = 0:classes - 1:every] {
  set label k + 3 class_name[k + 1] at first k,graph -0.01168 right rotate by 45 font tick_font
}

number(percent) = percent >= 0.5 ? sprintf("%.0f", percent) : ""
text_colour(percent) = percent > 45 ? 0xFFFFFF : 0x202020
plot confusion using (column("predicted")):(column("label")):(column("percent_of_label")) with image pixels, \
  confusion using (column("predicted")):(column("label")):(""):yticlabels(name(column("label"))) with labels, \
  confusion using (column("predicted")):(column("label")):(number(column("percent_of_label"))):(text_colour(column("percent_of_label"))) \
    with labels font font_size(number_font) textcolor rgb variable
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: 879272639ce2bea18a783a9e7539fc130978369aa2334bb9ca2681d0aa6b1b33
