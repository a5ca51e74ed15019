using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Layers that change the size of an image.</summary>
internal static class ResizeReaders
{
    public static void Pad(LayerScope scope)
    {
        AttributeArguments options = scope.Options;
        int[]? pads = options.Ints("Pads");
        bool everywhere = pads is not null, spatial = options.Has("Padding");
        if (everywhere == spatial)
            throw new ModelException("give either Padding, for all sides of the spatial dimensions, or Pads, for every dimension");
        int padding = options.Int("Padding");
        PadMode mode = options.Enum<PadMode>("Mode");
        float value = options.Bound("Value");
        scope.Add(x =>
        {
            int[] all = pads ?? Spatial(x, padding, 0).Concat(Spatial(x, padding, 0)).ToArray();
            if (all.Length != 2 * x.Rank)
                throw new ModelException($"Pads has {all.Length} entries; it needs {2 * x.Rank}, first the beginnings of all {x.Rank} dimensions, then their ends");
            return new Pad(new(all.Take(x.Rank).ToArray()), new(all.Skip(x.Rank).ToArray()), mode, value);
        });
    }

    public static void Resize(LayerScope scope)
    {
        AttributeArguments options = scope.Options;
        int[]? sizes = options.Ints("Sizes", min: 1);
        float[]? scales = options.Floats("Scales");
        bool image = options.Has("Height") || options.Has("Width"), scaled = options.Has("Scale");
        if (new[] { sizes is not null, scales is not null, image, scaled }.Count(given => given) != 1)
            throw new ModelException("give exactly one of Scale, Height and Width, Sizes, or Scales");
        if (options.Has("Height") != options.Has("Width")) throw new ModelException("give both Height and Width");
        int height = options.Int("Height", min: 1), width = options.Int("Width", min: 1);
        float scale = options.Float("Scale", 1);
        if ((scales ?? [scale]).Any(s => !(s > 0))) throw new ModelException("a scale must be above 0");
        Resize layer = new([], [], options.Enum<ResizeMode>("Mode"), options.Enum<ResizeCoordinates>("Coordinates"), options.Enum<NearestRounding>("Rounding"));
        scope.Add(x => image ? layer with { Sizes = Image(x, height, width) }
            : sizes is not null ? layer with { Sizes = new(sizes) }
            : layer with { Scales = new(scales ?? Spatial(x, scale, 1f)) });
    }

    public static void Upsample(LayerScope scope)
    {
        int scale = scope.Options.Int("scale", min: 1, max: 1 << 16);
        ResizeMode mode = scope.Options.Enum<ResizeMode>("Mode");
        scope.Add(x => mode == ResizeMode.Nearest
            ? new Resize([], new(Spatial(x, (float)scale, 1f)), mode, ResizeCoordinates.Asymmetric, NearestRounding.Floor)
            : new Resize([], new(Spatial(x, (float)scale, 1f)), mode, ResizeCoordinates.HalfPixel));
    }

    private static T[] Spatial<T>(TensorShape x, T value, T outer) =>
        [outer, outer, .. Enumerable.Repeat(value, WindowOptions.SpatialRank(x))];

    private static EquatableArray<int> Image(TensorShape x, int height, int width) => x.Rank == 4
        ? [x[0], x[1], height, width]
        : throw new ModelException("Height and Width are those of N x C x H x W; give Sizes for another number of dimensions");
}
