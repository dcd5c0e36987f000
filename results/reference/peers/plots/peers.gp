# Seconds per epoch of training of snnexp and of other simulators on the CPU, data preparation included.
# Data: data/bars.csv (seen from this file's folder).
#
#   gnuplot peers.gp                   writes peers.svg beside this file, from any folder
#   gnuplot -e 'term="png"' peers.gp   the same as .png; "pdf" as .pdf

if (!exists("term")) term = "svg"
here = ARG0
while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }

set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
bars = here . "data/bars.csv"
stats bars using (column("y")) nooutput
rows = STATS_max - STATS_min + 2  # and some room
stats bars using (column("seconds")) nooutput
low = STATS_min / 2
high = STATS_max * 8
stats bars using (column("threads")) nooutput
all = STATS_max

# 480 pixels are a column of 8.5 cm.
width = 680
height = 100 + 27 * rows
is_cairo = term eq "pdf" || (term eq "png" && strstrt(GPVAL_TERMINALS, "pngcairo") > 0)
font_unit = term eq "pdf" ? 0.5 : term eq "png" && !is_cairo ? 1.5 : 1
font_size(pixels) = sprintf(",%g", pixels * font_unit)
# Cairo takes points of 1/72 inch for pixels of 1/96 inch.
if (term eq "svg") set terminal svg size width,height font "Arial" . font_size(15) background "white"
if (term eq "pdf") set terminal pdfcairo size width * 8.5 / 480 cm,height * 8.5 / 480 cm \
  font "Arial" . font_size(15) fontscale 0.75 linewidth 1
if (term eq "png" && is_cairo) set terminal pngcairo size 2 * width,2 * height font "Arial" . font_size(15) fontscale 1.5 linewidth 2
if (term eq "png" && !is_cairo) set terminal png size 2 * width,2 * height font "Arial" . font_size(15) linewidth 2
set output here . "peers." . term

set termoption noenhanced
set border 1 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale is_cairo ? 1 : 0.5
set grid xtics linecolor "#E4E4E4" linetype 1 linewidth 0.6
set logscale x
set xrange [low:high]
set yrange [1.2 - rows:0.8]
unset ytics
set lmargin at screen 250.0 / width
set rmargin at screen 1 - 20.0 / width
set tmargin at screen 1 - 40.0 / height
set bmargin at screen 55.0 / height
set label 1 "seconds per epoch" at graph 0.5,screen 14.0 / height center
unset key
# The key, at its pixels from the left.
array entry[3] = ["snnexp", "others", "thin: one thread"]
array colour[3] = ["#D55E00", "#0072B2", "#9CC8E4"]
array left[3] = [190.0, 300.0, 400.0]
do for [i = 1:3] {
  set object i rectangle from screen left[i] / width,screen 1 - 25.0 / height to screen (left[i] + 24) / width,screen 1 - 13.0 / height \
    fillcolor rgb colour[i] fillstyle solid 1 noborder
  set label i + 1 entry[i] at screen (left[i] + 32) / width,screen 1 - 19.0 / height left
}

half(k) = k < all ? 0.14 : 0.26
# The bars of snnexp (1) or of the others (0), with all threads or with one.
bar(ours, one) = column("ours") == ours && (column("threads") < all) == one ? column("seconds") : NaN
text(seconds, ratio) = sprintf("%.3g s%s", seconds, ratio > 1 ? sprintf("   %.3gx", ratio) : "")
set style fill solid 1 noborder
plot for [one = 0:1] for [ours = 0:1] \
    bars using (low):(column("y")):(low):(bar(ours, one)):(column("y") - half(column("threads"))):(column("y") + half(column("threads"))) \
    with boxxyerror linecolor rgb (ours ? (one ? "#F0A080" : "#D55E00") : (one ? "#9CC8E4" : "#0072B2")) notitle, \
  bars using (column("seconds")):(column("y")):(text(column("seconds"), column("ratio"))) \
    with labels left offset 0.5,0 font font_size(11) notitle, \
  bars using (low):(column("first") == 1 ? column("y") : NaN):(strcol("label")) with labels right offset -0.8,0 font font_size(13) notitle, \
  bars using (low):(strcol("seconds") eq "" ? column("y") : NaN):(strcol("label")) with labels right offset -0.8,0 font "Arial Bold" . font_size(13) notitle
