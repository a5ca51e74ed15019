using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace CnnCodegen.Benchmarks;

/// <summary>Results as pictures in SVG.</summary>
internal static class Plots
{
    private const int Width = 900, Height = 520;

    private static readonly OxyColor Own = OxyColor.FromRgb(0x1F, 0x77, 0xB4), Second = OxyColor.FromRgb(0xFF, 0x7F, 0x0E), Third = OxyColor.FromRgb(0x7F, 0x7F, 0x7F);

    /// <summary>Time of each network relative to ONNX Runtime, fastest runs; null if there is nothing to compare.</summary>
    public static string? Ratios(Results results)
    {
        NetworkResult[] networks = [.. results.Networks.Where(n => n.BestRatio is not null && n.Macs > 0)];
        if (networks.Length == 0) return null;
        string[] names = [.. networks.Select(n => n.Network).Distinct()];
        PlotModel plot = Create("Time relative to ONNX Runtime (below 1 is faster)", results);

        // The first category of a bar plot lies at the bottom.
        CategoryAxis categories = new() { Position = AxisPosition.Left, Key = "networks", StartPosition = 1, EndPosition = 0, GapWidth = 0.4 };
        categories.Labels.AddRange(names);
        plot.Axes.Add(categories);
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 1.05 * Math.Max(1, networks.Max(n => n.BestRatio!.Value)), MajorGridlineStyle = LineStyle.Dot });
        foreach (IGrouping<int, NetworkResult> byThreads in networks.GroupBy(n => n.Threads).OrderBy(group => group.Key))
        {
            BarSeries bars = new()
            {
                Title = byThreads.Key == 1 ? "1 thread" : $"{byThreads.Key} threads",
                FillColor = byThreads.Key == 1 ? Own : Second,
                LabelFormatString = "{0:0.00}",
                LabelPlacement = LabelPlacement.Inside,
                TextColor = OxyColors.White,
            };
            bars.Items.AddRange(byThreads.Select(n => new BarItem(n.BestRatio!.Value, Array.IndexOf(names, n.Network))));
            plot.Series.Add(bars);
        }

        plot.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Vertical, X = 1, Color = OxyColors.Black, LineStyle = LineStyle.Dash });
        return Svg(plot);
    }

    /// <summary>
    /// Rate of each single-threaded layer over its arithmetic intensity, with the limits of one core: the multiply-add peak and what
    /// each memory level delivers. An algorithm that needs fewer multiplications than the direct one can lie above the peak. Null without layers.
    /// </summary>
    public static string? Roofline(Results results)
    {
        LayerResult[] layers = [.. results.Layers.Where(l => l.Threads == 1)];
        if (layers.Length == 0) return null;
        double least = layers.Min(l => l.Flops / l.Bytes) / 2, most = layers.Max(l => l.Flops / l.Bytes) * 2;
        double lowest = layers.Min(l => l.Rate(l.Own)), highest = Math.Max(results.Peak, layers.Max(l => l.Rate(l.Own)));
        PlotModel plot = Create("Single layers against the limits of one core", results);
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = "operations per byte of input, weights and output", Minimum = least, Maximum = most, MajorGridlineStyle = LineStyle.Dot });
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Left, Title = "GFLOP/s, of the direct algorithm", Minimum = lowest / 2, Maximum = highest * 2, MajorGridlineStyle = LineStyle.Dot });

        foreach (Bandwidth level in results.Bandwidths)
        {
            LineSeries roof = new() { Color = Third, StrokeThickness = 1 };
            double ridge = Math.Clamp(results.Peak / level.GigabytesPerSecond, least, most);
            foreach (double x in (double[])[least, ridge, most]) roof.Points.Add(new DataPoint(x, Math.Min(results.Peak, x * level.GigabytesPerSecond)));
            plot.Series.Add(roof);
            double middle = Math.Sqrt(least * ridge);
            plot.Annotations.Add(new TextAnnotation
            {
                Text = level.Level, TextPosition = new DataPoint(middle, Math.Min(results.Peak, middle * level.GigabytesPerSecond)), StrokeThickness = 0,
                TextHorizontalAlignment = HorizontalAlignment.Right, TextVerticalAlignment = VerticalAlignment.Bottom, TextColor = Third, FontSize = 10,
            });
        }

        Points("CnnCodegen", Own, MarkerType.Circle, l => l.Own);
        Points("oneDNN", Second, MarkerType.Square, l => l.OneDnn);
        Points("ONNX Runtime", Third, MarkerType.Triangle, l => l.OnnxRuntime);
        foreach (LayerResult layer in layers)
            plot.Annotations.Add(new TextAnnotation
            {
                Text = layer.Layer, TextPosition = new DataPoint(layer.Flops / layer.Bytes, layer.Rate(layer.Own)), StrokeThickness = 0, FontSize = 9,
                TextHorizontalAlignment = HorizontalAlignment.Left, TextVerticalAlignment = VerticalAlignment.Middle, Offset = new ScreenVector(5, -5), TextRotation = -40,
            });
        return Svg(plot);

        void Points(string name, OxyColor color, MarkerType marker, Func<LayerResult, Timing?> timing)
        {
            ScatterSeries points = new() { Title = name, MarkerType = marker, MarkerFill = color, MarkerSize = 5 };
            points.Points.AddRange(layers.Where(l => timing(l) is not null).Select(l => new ScatterPoint(l.Flops / l.Bytes, l.Rate(timing(l)!))));
            if (points.Points.Count > 0) plot.Series.Add(points);
        }
    }

    private static PlotModel Create(string title, Results results)
    {
        PlotModel plot = new() { Title = title, Subtitle = FormattableString.Invariant($"{results.Processor}, {results.Isa}, {results.Date:yyyy-MM-dd}, best of each"), Background = OxyColors.White, DefaultFont = "Arial", PlotMargins = new OxyThickness(110, 50, 30, 50) };
        plot.Legends.Add(new Legend { LegendPosition = LegendPosition.RightBottom, LegendBackground = OxyColors.White, LegendBorder = OxyColors.LightGray, LegendPadding = 14 });
        return plot;
    }

    private static string Svg(PlotModel plot) => SvgExporter.ExportToString(plot, Width, Height, isDocument: true);
}
