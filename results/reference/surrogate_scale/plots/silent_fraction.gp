# Silent fraction (%) per epoch. A colour is a point of the sweep, a line its mean over seeds.
# Bands reach from the lowest to the highest of up to 3 seeds.
# Data: data/silent_fraction.csv, made of ../history.csv (seen from this file's folder).
#
#   gnuplot silent_fraction.gp                   writes silent_fraction.svg beside this file, from any folder
#   gnuplot -e 'term="png"' silent_fraction.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 480
height = 345    # pixels, of which 480 are a column's width, 8.5 cm
font = 15    # pixels, of which 2 are a point in print
factor = 100
# The lines of each panel, by the column line of the data.
array solid[1] = ["1 2 3 4 5 6 7"]
array banded[1] = ["1 2 3 4 5 6 7"]
# The colour of each line.
array colour[7] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]

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
set output here . "silent_fraction." . term
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
curves = here . "data/silent_fraction.csv"
line(list, k) = k > words(list) ? 1 : int(word(list, k))
of(list, k) = column("line") == line(list, k) ? column("epoch") : NaN
set xrange [1:40]
set xtics 10
set yrange [0:100]
set ytics 20

unset key
set multiplot layout 1,1 \
  margins screen 0.1437,screen 0.9688,screen 0.1565,screen 0.8522 \
  spacing screen 0.04688,screen 0.04348
set label 1 "epoch" at screen 0.5563,screen 0.03696 center
set label 2 "silent fraction (%)" at screen 0.025,screen 0.5043 center rotate by 90
set label 3 "surrogate.scale:" at screen 0.04688,screen 0.9635 left
set arrow 4 from screen 0.3644,screen 0.9635 to screen 0.4113,screen 0.9635 nohead \
  linewidth 2 linecolor rgb "#0072B2"
set label 4 "1" at screen 0.4238,screen 0.9635 left
set arrow 5 from screen 0.4788,screen 0.9635 to screen 0.5256,screen 0.9635 nohead \
  linewidth 2 linecolor rgb "#D55E00"
set label 5 "3" at screen 0.5381,screen 0.9635 left
set arrow 6 from screen 0.5931,screen 0.9635 to screen 0.64,screen 0.9635 nohead \
  linewidth 2 linecolor rgb "#009E73"
set label 6 "10" at screen 0.6525,screen 0.9635 left
set arrow 7 from screen 0.725,screen 0.9635 to screen 0.7719,screen 0.9635 nohead \
  linewidth 2 linecolor rgb "#CC79A7"
set label 7 "30" at screen 0.7844,screen 0.9635 left
set arrow 8 from screen 0.8569,screen 0.9635 to screen 0.9038,screen 0.9635 nohead \
  linewidth 2 linecolor rgb "#E69F00"
set label 8 "100" at screen 0.9163,screen 0.9635 left
set arrow 9 from screen 0.2109,screen 0.9026 to screen 0.2578,screen 0.9026 nohead \
  linewidth 2 linecolor rgb "#56B4E9"
set label 9 "300" at screen 0.2703,screen 0.9026 left
set arrow 10 from screen 0.3603,screen 0.9026 to screen 0.4072,screen 0.9026 nohead \
  linewidth 2 linecolor rgb "#000000"
set label 10 "1000" at screen 0.4197,screen 0.9026 left
set object 11 rectangle from screen 0.5272,screen 0.8874 \
  to screen 0.5741,screen 0.9178 fillcolor rgb "#404040" fillstyle solid 0.25 noborder
set label 11 "min–max of 3 seeds" at screen 0.5866,screen 0.9026 left

do for [i = 1:1] {
  set format x (i > 0 ? "%g" : "")
  set format y ((i - 1) % 1 == 0 ? "%g" : "")
  plot for [k = 1:words(banded[i])] curves using (of(banded[i], k)):(column("min") * factor):(column("max") * factor) \
      with filledcurves linecolor rgb colour[line(banded[i], k)] fillstyle transparent solid 0.2 noborder, \
    for [k = 1:words(solid[i])] curves using (of(solid[i], k)):(column("mean") * factor) \
      with lines linewidth 2 linecolor rgb colour[line(solid[i], k)], \
    NaN
  unset label
  unset arrow
  unset object
}
unset multiplot
