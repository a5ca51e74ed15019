using BenchmarkDotNet.Attributes;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using Pin = CnnCodegen.Generator.Model.ConvAlgorithm;

namespace CnnCodegen.Benchmarks;

/// <summary>A convolution by a pinned algorithm.</summary>
public abstract class ConvolutionSuite : LayerSuite
{
    private protected SingleLayer Create(Isa isa, string shape, Pin algorithm)
    {
        ConvShape conv = ConvShape.Parse(shape);
        return new SingleLayer(conv.Layer with { Algorithm = algorithm }, isa, Threads, conv.Input);
    }
}

/// <summary>Direct convolution: dense windows, matrix products, first layers, groups.</summary>
public class Direct : ConvolutionSuite
{
    /// <summary>Name, input channels, height, width, output channels, kernel, stride, padding, groups.</summary>
    [Params(
        "3x3 64 56 56 64 3 1 1 1", "3x3 128 28 28 128 3 1 1 1", "3x3 256 14 14 256 3 1 1 1", "3x3 512 7 7 512 3 1 1 1",
        "1x1 64 56 56 256 1 1 0 1", "1x1 1024 14 14 256 1 1 0 1", "5x5 96 27 27 256 5 1 2 1",
        "stem 3 224 224 64 7 2 3 1", "stem 3 227 227 96 11 4 0 1", "strided 128 56 56 128 3 2 1 1", "grouped 128 28 28 128 3 1 1 32")]
    public string Shape { get; set; } = "";

    private protected override SingleLayer Create(Isa isa) => Create(isa, Shape, Pin.Direct);
}

/// <summary>Winograd convolution by the size of its output tile.</summary>
public class Winograd : ConvolutionSuite
{
    /// <summary>As for <see cref="Direct"/>.</summary>
    [Params("3x3 64 56 56 64 3 1 1 1", "3x3 128 28 28 128 3 1 1 1", "3x3 256 14 14 256 3 1 1 1", "3x3 512 7 7 512 3 1 1 1", "strided 128 56 56 128 3 2 1 1", "stem 3 224 224 64 7 2 3 1")]
    public string Shape { get; set; } = "";

    /// <summary>Pixels along an edge of the tile.</summary>
    [Params(2, 3, 4, 6)]
    public int Tile { get; set; }

    private protected override SingleLayer Create(Isa isa) => Create(isa, Shape, Tile switch
    {
        2 => Pin.Winograd2x2,
        3 => Pin.Winograd3x3,
        4 => Pin.Winograd4x4,
        _ => Pin.Winograd6x6,
    });
}

/// <summary>Fourier convolution: large windows, dense and one filter a channel.</summary>
public class Fourier : ConvolutionSuite
{
    /// <summary>As for <see cref="Direct"/>.</summary>
    [Params("7x7 64 56 56 64 7 1 3 1", "11x11 64 56 56 64 11 1 5 1", "dw31x31 64 56 56 64 31 1 15 64")]
    public string Shape { get; set; } = "";

    private protected override SingleLayer Create(Isa isa) => Create(isa, Shape, Pin.Fft);
}

/// <summary>Depthwise convolution.</summary>
public class Depthwise : ConvolutionSuite
{
    /// <summary>As for <see cref="Direct"/>.</summary>
    [Params("3x3 32 112 112 32 3 1 1 32", "3x3 384 14 14 384 3 1 1 384", "strided 96 112 112 96 3 2 1 96", "5x5 240 14 14 240 5 1 2 240", "7x7 96 56 56 96 7 1 3 96")]
    public string Shape { get; set; } = "";

    private protected override SingleLayer Create(Isa isa) => Create(isa, Shape, Pin.Depthwise);
}

/// <summary>Transposed convolution.</summary>
public class Transposed : LayerSuite
{
    /// <summary>Input channels, height, width, output channels, kernel, stride, padding.</summary>
    [Params("64 28 28 32 4 2 1", "256 7 7 128 2 2 0")]
    public string Shape { get; set; } = "";

    private protected override SingleLayer Create(Isa isa)
    {
        int[] n = Parse(Shape);
        ConvTranspose layer = new(n[3], Window.Square(2, n[4], n[5], n[6]), Window.Repeat(0, 2));
        return new SingleLayer(layer, isa, Threads, TensorShape.Of(1, n[0], n[1], n[2]));
    }
}
