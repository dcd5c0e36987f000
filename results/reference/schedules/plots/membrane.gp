# Membrane of hidden units during a test sample, one panel per sample; the threshold is 1.
# Where a unit spikes its line jumps to spike_height. What is below lowest is not shown. Run e_cosine_warmup_epochs_5-learning_rate_0.003-seed_0-d0636cac5774: the first recorded of 3 seeds at the sweep point with the best mean validation_accuracy.
# Data: data/membrane.csv (relative to this file's folder).
#
#   gnuplot membrane.gp                   writes membrane.svg beside this file, from any folder
#   gnuplot -e 'term="png"' membrane.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 960
height = 706    # pixels, of which 480 are a column's width, 8.5 cm
font = 24    # pixels, of which 2 are a point in print
threshold = 1
spike_height = 5
lowest = -10
coloured_unit = "1"
other_units = "6 7"    # of 0 1 2 3 4 5 6 7
array sample[15] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"]
array panel[15] = ["a", "a reversed", "b", "b reversed", "c", "c reversed", "d", "d reversed", "e", "e reversed", "f", \
  "f reversed", "g", "g reversed", "h"]

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
set output here . "membrane." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
traces = here . "data/membrane.csv"
when(s) = strcol("sample") eq s ? column("time_ms") : NaN
membrane(u) = column("spike_" . u) > 0 ? spike_height : column("membrane_" . u)
set xrange [0:1000]
set xtics 400

unset key
set multiplot layout 3,5 \
  margins screen 0.115,screen 0.975,screen 0.1326,screen 0.8776 \
  spacing screen 0.0375,screen 0.07479
set label 1 "time of stimulus (ms)" at screen 0.545,screen 0.0289 center
set label 2 "membrane (threshold = 1)" at screen 0.02,screen 0.5051 center rotate by 90
set arrow 3 from screen 0.2596,screen 0.9714 to screen 0.2971,screen 0.9714 nohead \
  linewidth 2 linecolor rgb "#0072B2"
set label 3 "hidden unit 1" at screen 0.3071,screen 0.9714 left
set arrow 4 from screen 0.4889,screen 0.9714 to screen 0.5264,screen 0.9714 nohead \
  linewidth 2 linecolor rgb "#B8B8B8"
set label 4 "units 6, 7" at screen 0.5364,screen 0.9714 left
set arrow 5 from screen 0.6739,screen 0.9714 to screen 0.7114,screen 0.9714 nohead \
  linewidth 2.02 dashtype (8,5) linecolor rgb "#404040"
set label 5 "threshold" at screen 0.7214,screen 0.9714 left

do for [i = 1:15] {
  set title panel[i] offset 0,-0.7
  set format x (i > 10 ? "%g" : "")
  set format y ((i - 1) % 5 == 0 ? "%g" : "")
  set yrange [lowest:spike_height * 1.05]
  set ytics 5
  plot for [u in other_units] traces using (when(sample[i])):(membrane(u)) \
      with lines linewidth 0.6 linecolor rgb "#B8B8B8" notitle, \
    threshold with lines linewidth 0.8 dashtype (10,6) linecolor rgb "#404040" notitle, \
    traces using (when(sample[i])):(membrane(coloured_unit)) \
      with lines linewidth 1.6 linecolor rgb "#0072B2" notitle
  unset label
  unset arrow
  unset object
}
unset multiplot
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: 1377062e222b804af1f16a156666664accec4e7693a08f76c316e8e3c93bf751
