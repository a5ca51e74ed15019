using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms;

/// <summary>Byte distances in a tensor seen as images, channel blocks, rows and columns, and where its first pixel lies.</summary>
internal sealed record PlaneStrides(int Image, int Block, int Row, int Column, int Origin)
{
    public static PlaneStrides Of(TensorView view) => new(view.ImageBytes, view.BlockBytes, view.RowBytes, view.PixelBytes, view.OriginBytes);

    /// <summary>The distances between every so many rows and columns.</summary>
    public PlaneStrides Every(int count) => this with { Row = count * Row, Column = count * Column };
}

/// <summary>
/// The units of a kernel that treats every plane (one channel block of one image) alike: one band of each plane. A band is a range of
/// the plane's rows or of whatever the kernel cuts.
/// </summary>
internal sealed record PlaneUnits(int Images, int Blocks, Cut Bands)
{
    /// <summary>Units below which planes are cut, so that threads have something to share.</summary>
    private const int Wanted = 8;

    /// <summary>Bytes of a band below which sharing costs more than it gains.</summary>
    private const long MinBandBytes = 16 * 1024;

    public int Count => Images * Blocks * Bands.Count;

    /// <summary>Cuts planes of <paramref name="extent"/> rows only where there are few of them and they are big.</summary>
    public static PlaneUnits Of(int images, int blocks, int extent, long planeBytes)
    {
        long bands = Math.Min((Wanted + (images * blocks) - 1) / (images * blocks), planeBytes / MinBandBytes);
        int count = (int)Math.Max(1, Math.Min(extent, bands));
        return new PlaneUnits(images, blocks, Cut.Evenly(extent, (extent + count - 1) / count));
    }

    /// <summary>Writes the kernel's entry: the loop over units, where each one is, and what is done there.</summary>
    /// <param name="writer">Receives the text.</param>
    /// <param name="plane">What a plane is, for the documentation.</param>
    /// <param name="band">What a plane is cut into.</param>
    /// <param name="body">Writes the work of one unit.</param>
    public void EmitRun(SourceWriter writer, string plane, string band, Action body)
    {
        int bands = Bands.Count;
        string what = plane + (Images > 1 ? " of one image" : "") + (bands > 1 ? ", one band of " + band : "");
        writer.Line($"/// <summary>Computes the units [begin, end). A unit: {what}.</summary>");
        using (writer.Open("public static void Run(in Operands operands, int begin, int end)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int unit = begin; unit < end; unit++)"))
        {
            if (bands > 1) writer.Line($"int band = unit % {bands};");
            if (Blocks > 1) writer.Line($"int block = {Over("unit", bands)}{(Images > 1 ? $" % {Blocks}" : "")};");
            if (Images > 1) writer.Line($"int image = {Over("unit", bands * Blocks)};");
            body();
        }
    }

    /// <summary>The start of the unit's plane.</summary>
    public string At(string pointer, PlaneStrides strides) => pointer + Plus(strides.Origin)
        + (Images > 1 && strides.Image > 0 ? $" + (image * {strides.Image}L)" : "")
        + (Blocks > 1 && strides.Block > 0 ? $" + (block * {strides.Block}L)" : "");

    /// <summary>The first of the band's rows.</summary>
    public string First => Bands.Count == 1 ? "0" : Bands.Start("band");

    /// <summary>The row behind the band's last.</summary>
    public string End => Bands.Count == 1 ? $"{Bands.Size}" : Bands.Start("(band + 1)");

    /// <summary><c> + bytes</c>, or nothing for 0.</summary>
    public static string Plus(long bytes) => bytes == 0 ? "" : $" + {Literals.Int(bytes)}";

    /// <summary><c>number / divisor</c>, or the number alone for 1.</summary>
    public static string Over(string number, int divisor) => divisor == 1 ? number : $"{number} / {divisor}";
}
