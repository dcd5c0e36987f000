# Confusion matrix over the test set: the share of a spoken word's samples (a row) that was taken for each word.
# Numbers are per cent; cells without any are below one half. Run seed_0-cc8cb166.
# Data: data/confusion.csv (seen from this file's folder).
#
#   gnuplot confusion.gp                   writes confusion.svg beside this file, from any folder
#   gnuplot -e 'term="png"' confusion.gp   the same as .png; "pdf" as .pdf

if (!exists("term")) term = "svg"
here = ARG0
while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }

# 480 pixels are a column of 8.5 cm.
width = 960
height = 820
if (term eq "svg") {
  set terminal svg size width,height font "Arial,15" background "white"
  font_size(pixels) = sprintf(",%g", pixels)
} else { if (term eq "pdf") {
  set terminal pdfcairo size width * 8.5 / 480 cm,height * 8.5 / 480 cm font "Arial,7.5" fontscale 1 linewidth 0.6 \
    pointscale 0.5
  font_size(pixels) = sprintf(",%g", pixels / 2.0)
} else { if (strstrt(GPVAL_TERMINALS, "pngcairo") > 0) {
  set terminal pngcairo size 2 * width,2 * height font "Arial,15" fontscale 1.55 linewidth 2 pointscale 2
  font_size(pixels) = sprintf(",%g", pixels)
} else {
  set terminal png size 2 * width,2 * height font "Arial,22" linewidth 2
  font_size(pixels) = sprintf(",%g", 1.5 * pixels)
} } }
set output here . "confusion." . term

set encoding utf8
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

confusion = here . "data/confusion.csv"
classes = 20

unset key
unset grid
set border 15
set tics scale 0
set xrange [-0.5:classes - 0.5]
set yrange [classes - 0.5:-0.5]
set size ratio -1
set xlabel "predicted"
set ylabel "spoken"
set cbrange [0:100]
set cblabel "share of spoken (%)"
set colorbox user origin screen 0.88,graph 0 size screen 0.02,graph 1
set rmargin at screen 0.86
# ColorBrewer's Blues, placed so that lightness falls in proportion to the share.
set palette defined (0 "#F7FBFF", 0.077 "#DEEBF7", 0.154 "#C6DBEF", 0.27 "#9ECAE1", 0.41 "#6BAED6", \
  0.526 "#4292C6", 0.667 "#2171B5", 0.82 "#08519C", 1 "#08306B")
set xtics rotate by 45 right

number(percent) = percent >= 0.5 ? sprintf("%.0f", percent) : ""
text_colour(percent) = percent > 45 ? 0xFFFFFF : 0x202020
plot confusion using (column("predicted")):(column("label")):(column("percent_of_label")) with image pixels, \
  confusion using (column("predicted")):(column("label")):(""):xticlabels(strcol("predicted_name")):yticlabels(strcol("label_name")) with labels, \
  confusion using (column("predicted")):(column("label")):(number(column("percent_of_label"))):(text_colour(column("percent_of_label"))) \
    with labels font font_size(12) textcolor rgb variable
