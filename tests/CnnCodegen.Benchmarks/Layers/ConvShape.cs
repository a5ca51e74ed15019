using System.Globalization;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Benchmarks;

/// <summary>A convolution to measure.</summary>
internal sealed record ConvShape(string Name, int InChannels, int Height, int Width, int OutChannels, int Kernel, int Stride, int Padding, int Groups)
{
    /// <summary>Typical layers, for when no file is given.</summary>
    public static IReadOnlyList<ConvShape> Standard { get; } =
    [
        new("3x3_56x56x64", 64, 56, 56, 64, 3, 1, 1, 1),
        new("3x3_28x28x128", 128, 28, 28, 128, 3, 1, 1, 1),
        new("3x3_14x14x256", 256, 14, 14, 256, 3, 1, 1, 1),
        new("3x3_7x7x512", 512, 7, 7, 512, 3, 1, 1, 1),
        new("1x1_56x56_64_256", 64, 56, 56, 256, 1, 1, 0, 1),
        new("1x1_14x14_1024_256", 1024, 14, 14, 256, 1, 1, 0, 1),
        new("dw3x3_112x112x32", 32, 112, 112, 32, 3, 1, 1, 32),
    ];

    /// <summary>The layer of the model.</summary>
    public Conv Layer => new(OutChannels, Window.Square(2, Kernel, Stride, Padding), Groups);

    /// <summary>What it reads.</summary>
    public TensorShape Input => TensorShape.Of(1, InChannels, Height, Width);

    /// <summary>Reads a line of <c>name ci h w co k s p groups</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ConvShape Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 9) throw new FormatException($"'{line}': a layer is: name ci h w co k s p groups");
        int[] n = [.. words.Skip(1).Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
        return new ConvShape(words[0], n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
    }

    /// <summary>Reads such lines; <c>#</c> begins a comment.</summary>
    public static IReadOnlyList<ConvShape> Read(string path) =>
        [.. File.ReadLines(path).Select(line => line.Split('#')[0]).Where(line => !string.IsNullOrWhiteSpace(line)).Select(Parse)];

    /// <summary>The line that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name} {InChannels} {Height} {Width} {OutChannels} {Kernel} {Stride} {Padding} {Groups}");
}
