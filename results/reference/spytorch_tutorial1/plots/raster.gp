# Spikes of 4 test samples: input above, hidden units below. A wrong prediction follows the arrow.
# Run amplitude_1-seed_0-955550a4962e: the first recorded of 6 runs: without validation there is no best run.
# Data: data/raster_input.csv, data/raster_hidden.csv (relative to this file's folder).
#
#   gnuplot raster.gp                   writes raster.svg beside this file, from any folder
#   gnuplot -e 'term="png"' raster.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 960
height = 594    # pixels, of which 480 are a column's width, 8.5 cm
font = 24    # pixels, of which 2 are a point in print
array sample[4] = ["0", "1", "2", "3"]
array panel[4] = ["1", "1", "0", "1 → 0"]
channels = 100
units = 4    # of a layer
layers = 1
array colour[1] = ["#0072B2"]
input_height = 0.9    # of the line that is a spike, in channels
hidden_height = 0.9

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
set output here . "raster." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
input = here . "data/raster_input.csv"
hidden = here . "data/raster_hidden.csv"
when(s) = strcol("sample") eq s ? column("time_ms") : NaN
unset key
unset grid
set xrange [0:200]
set xtics 100
set multiplot layout 2,4 margins screen 0.115,0.975,0.144781,0.922559 spacing screen 0.03,0.035
set label 1 "time of stimulus (ms)" at screen 0.545,0.0252525 center
set label 2 "input channel"   at screen 0.02,0.728114 center rotate by 90
set label 3 "hidden unit"   at screen 0.02,0.339226 center rotate by 90

set yrange [-0.5:channels - 0.5]
set ytics 20
set format x ""
do for [i = 1:4] {
  set title panel[i] offset 0,-0.7
  plot input using (when(sample[i])):(column("channel") - input_height / 2):(0):(input_height) \
    with vectors nohead linewidth 1.2 linecolor rgb "#202020"
  unset label
  set format y ""
}

unset title
set yrange [-0.5:layers * units - 0.5]
set ytics 1
set format x "%g"
set format y "%g"
do for [i = 1:4] {
  plot for [l = 1:layers] hidden using (column("layer") == l - 1 ? when(sample[i]) : NaN):\
      (column("unit") + (l - 1) * units - hidden_height / 2):(0):(hidden_height) \
    with vectors nohead linewidth 1.7 linecolor rgb colour[l]
  set format y ""
}
unset multiplot
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: 3d50aae31dcdf357f95464904bfbe0d957eb3832488cbcd959986d3fd3ad0267
