using BenchmarkDotNet.Attributes;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Benchmarks;

/// <summary>Fully connected layers: at batch 1 the time to read the weights.</summary>
public class FullyConnected : LayerSuite
{
    /// <summary>Inputs and outputs.</summary>
    [Params("256 120", "512 1000", "4096 4096", "25088 4096")]
    public string Features { get; set; } = "";

    private protected override SingleLayer Create(Isa isa)
    {
        int[] n = Parse(Features);
        return new SingleLayer(new Linear(n[1]), isa, Threads, TensorShape.Of(1, n[0]));
    }
}

/// <summary>Products of two computed matrices.</summary>
public class MatrixProduct : LayerSuite
{
    /// <summary>Rows, inner dimension, columns.</summary>
    [Params("128 128 128", "196 64 196", "512 512 512")]
    public string Shape { get; set; } = "";

    private protected override SingleLayer Create(Isa isa)
    {
        int[] n = Parse(Shape);
        return new SingleLayer(new MatMul(), isa, Threads, TensorShape.Of(n[0], n[1]), TensorShape.Of(n[1], n[2]));
    }
}

/// <summary>Pooling.</summary>
public class Pooling : LayerSuite
{
    /// <summary>Channels, height, width, kernel (0: the whole plane), stride, padding.</summary>
    [Params("64 112 112 3 2 1", "64 224 224 2 2 0", "512 7 7 0 1 0")]
    public string Shape { get; set; } = "";

    /// <summary>Maximum or mean.</summary>
    [Params("Max", "Average")]
    public string Function { get; set; } = "";

    private protected override SingleLayer Create(Isa isa)
    {
        int[] n = Parse(Shape);
        PoolKind function = Enum.Parse<PoolKind>(Function);
        Layer layer = n[3] == 0 ? new GlobalPool(function) : new Pool(function, Window.Square(2, n[3], n[4], n[5]));
        return new SingleLayer(layer, isa, Threads, TensorShape.Of(1, n[0], n[1], n[2]));
    }
}

/// <summary>Functions of each element.</summary>
public class Elementwise : LayerSuite
{
    /// <summary>The function of one value, or of two.</summary>
    [Params("Relu", "Sigmoid", "HardSwish", "Add", "Mul")]
    public string Function { get; set; } = "";

    /// <summary>Channels, height, width.</summary>
    [Params("64 56 56", "512 7 7")]
    public string Shape { get; set; } = "";

    private protected override SingleLayer Create(Isa isa)
    {
        int[] n = Parse(Shape);
        TensorShape x = TensorShape.Of(1, n[0], n[1], n[2]);
        return Enum.TryParse(Function, out BinaryKind binary)
            ? new SingleLayer(new Binary(binary), isa, Threads, x, x)
            : new SingleLayer(new Activation(Enum.Parse<ActivationKind>(Function)), isa, Threads, x);
    }
}

/// <summary>Changes of order and place.</summary>
public class Movement : LayerSuite
{
    /// <summary>Channels, height, width.</summary>
    [Params("64 56 56", "256 14 14")]
    public string Shape { get; set; } = "";

    private protected override SingleLayer Create(Isa isa)
    {
        int[] n = Parse(Shape);
        return new SingleLayer(new Transpose(new EquatableArray<int>([0, 2, 3, 1])), isa, Threads, TensorShape.Of(1, n[0], n[1], n[2]));
    }
}
