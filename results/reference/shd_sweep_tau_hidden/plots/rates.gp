# Histogram of the hidden units' mean firing rates over the test set, in time of the network. Units without any
# spike stand apart, left of zero. Run tau_mem_5ms-hidden_256-seed_4-656273ef7ef3.
# Data: data/rates.csv (seen from this file's folder).
#
#   gnuplot rates.gp                   writes rates.svg beside this file, from any folder
#   gnuplot -e 'term="png"' rates.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 480
height = 340    # pixels, of which 480 are a column's width, 8.5 cm
font = 15    # pixels, of which 2 are a point in print
bin_width = 20    # Hz

# ---- Set-up: the folder of this file, the kind of picture, the style
here = ARG0
while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }
# gnuplot takes names that begin with < or | for commands.
if (here[1:1] ne "/") here = "./" . here
# Sizes of fonts are pixels of the SVG; other terminals count otherwise.
is_cairo = strstrt(GPVAL_TERMINALS, "pngcairo") > 0
font_unit = term eq "pdf" ? 0.5 : term eq "png" && !is_cairo ? 1.5 : 1
font_size(pixels) = sprintf(",%g", pixels * font_unit)
if (term eq "svg") set terminal svg size width,height font "Arial" . font_size(font) background "white"
if (term eq "pdf") set terminal pdfcairo size width * 8.5 / 480 cm,height * 8.5 / 480 cm \
  font "Arial" . font_size(font) fontscale 1 linewidth 0.6 pointscale 0.5
if (term eq "png" && is_cairo) set terminal pngcairo size 2 * width,2 * height \
  font "Arial" . font_size(font) fontscale 1.55 linewidth 2 pointscale 2
if (term eq "png" && !is_cairo) set terminal png size 2 * width,2 * height font "Arial" . font_size(font) linewidth 2
set output here . "rates." . term
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
rates = here . "data/rates.csv"
bin(rate) = bin_width * (floor(rate / bin_width) + 0.5)
stats rates using (column("rate_hz")) nooutput

set boxwidth bin_width
set xlabel "firing rate (Hz)"
set ylabel "number of hidden units"
set xrange [0:460]
set xtics 100
set yrange [0:*]
set grid noxtics
set key outside top center horizontal reverse Left samplen 1.2 width -2
set arrow 1 from first STATS_mean,graph 0 to first STATS_mean,graph 1 nohead front linewidth 1.6 \
  dashtype (10,6) linecolor rgb "#000000"
plot rates using (bin(column("rate_hz"))):(strcol("layer") eq "0" && column("rate_hz") > 0) \
    smooth frequency with boxes linecolor rgb "#0072B2" fillstyle solid 0.75 border linecolor rgb "#FFFFFF" title "256 that spike", \
  keyentry with lines linewidth 1.6 dashtype (10,6) linecolor rgb "#000000" \
    title sprintf("mean %.0f Hz", STATS_mean)
