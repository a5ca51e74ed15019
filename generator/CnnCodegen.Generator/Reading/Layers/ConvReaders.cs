using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Convolutions.</summary>
internal static class ConvReaders
{
    public static void Conv(LayerScope scope)
    {
        int channels = scope.Options.Int("outChannels", min: 1), groups = scope.Options.Int("Groups", 1, min: 1);
        bool bias = scope.Options.Bool("Bias", true);
        WindowOptions window = WindowOptions.Read(scope.Options);
        ConvAlgorithm algorithm = scope.Options.Enum<ConvAlgorithm>("Algorithm");
        scope.AddRefined(x => new Conv(channels, window.For(x), groups, bias) { Algorithm = algorithm });
    }

    public static void DepthwiseConv(LayerScope scope)
    {
        int multiplier = scope.Options.Int("Multiplier", 1, min: 1);
        bool bias = scope.Options.Bool("Bias", true);
        WindowOptions window = WindowOptions.Read(scope.Options);
        ConvAlgorithm algorithm = scope.Options.Enum<ConvAlgorithm>("Algorithm");
        scope.AddRefined(x => new Conv(Channels(x, multiplier, "Multiplier"), window.For(x), x[1], bias) { Algorithm = algorithm });
    }

    public static void ConvTranspose(LayerScope scope)
    {
        int channels = scope.Options.Int("outChannels", min: 1), groups = scope.Options.Int("Groups", 1, min: 1);
        bool bias = scope.Options.Bool("Bias", true);
        WindowOptions window = WindowOptions.Read(scope.Options);
        SpatialOption outputPadding = SpatialOption.Read(scope.Options, "OutputPadding", "OutputPaddings", 0, min: 0);
        scope.Add(x =>
        {
            int[] padding = outputPadding.For(WindowOptions.SpatialRank(x));
            return new ConvTranspose(channels, window.For(x), new EquatableArray<int>(padding), groups, bias);
        });
    }

    /// <summary>So many for each channel; <paramref name="option"/> is the name of the number.</summary>
    public static int Channels(TensorShape x, int multiplier, string option)
    {
        _ = WindowOptions.SpatialRank(x);
        long channels = (long)x[1] * multiplier;
        return channels <= TensorShape.MaxElements ? (int)channels
            : throw new ModelException($"{x[1]} channels times the {option} {multiplier} are too many; take a smaller {option}");
    }
}
