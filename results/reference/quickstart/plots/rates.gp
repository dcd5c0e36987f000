# Histogram of the hidden units' mean firing rates over the test set, in Hz of network time. Units without any
# spike stand apart, left of zero. Run seed_0-1677bf355ef4.
# Data: data/rates.csv (relative to this file's folder).
#
#   gnuplot rates.gp                   writes rates.svg beside this file, from any folder
#   gnuplot -e 'term="png"' rates.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 480
height = 339    # pixels, of which 480 are a column's width, 8.5 cm
font = 15    # pixels, of which 2 are a point in print
bin_width = 20    # Hz

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
set output here . "rates." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
rates = here . "data/rates.csv"
bin(rate) = bin_width * (floor(rate / bin_width) + 0.5)

set boxwidth bin_width
set xrange [-1.8 * bin_width:480]
set xtics 100
set yrange [0:*]
set grid noxtics
set arrow 1 from first 139.775,graph 0 to first 139.775,graph 1 nohead front linewidth 1.6 \
  dashtype (8,5) linecolor rgb "#000000"
unset key
set multiplot layout 1,1 \
  margins screen 0.1437,screen 0.9688,screen 0.1726,screen 0.9115 \
  spacing screen 0.04688,screen 0.04425
set label 1 "firing rate (Hz of network time)" at screen 0.5563,screen 0.03761 center
set label 2 "number of hidden units" at screen 0.025,screen 0.542 center rotate by 90
set object 3 rectangle from screen 0.1756,screen 0.9473 \
  to screen 0.2225,screen 0.9783 fillcolor rgb "#0072B2" \
  fillstyle solid 1 noborder
set label 3 "119 that spike" at screen 0.235,screen 0.9628 left
set object 4 rectangle from screen 0.4787,screen 0.9473 \
  to screen 0.5256,screen 0.9783 fillcolor rgb "#D55E00" \
  fillstyle solid 1 noborder
set label 4 "9 silent" at screen 0.5381,screen 0.9628 left
set arrow 5 from screen 0.6805,screen 0.9628 to screen 0.7274,screen 0.9628 nohead \
  linewidth 2 dashtype (8,5) linecolor rgb "#000000"
set label 5 "mean 140 Hz" at screen 0.7399,screen 0.9628 left

plot rates using (bin(column("rate_hz"))):(column("layer") <= 0 && column("rate_hz") > 0) \
    smooth frequency with boxes linecolor rgb "#0072B2" fillstyle solid 1 border linecolor rgb "#FFFFFF" notitle, \
  rates using (-bin_width):(column("rate_hz") == 0) smooth frequency with boxes \
    linecolor rgb "#D55E00" fillstyle solid 1 border linecolor rgb "#FFFFFF" notitle, \
  NaN notitle
unset multiplot
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: 83ea1cc080e0f65ffa2be0830378dc996fc267c32bac05610e82d61f793cf6b0
