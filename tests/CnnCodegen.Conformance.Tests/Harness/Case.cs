using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>Which numbers a case is computed with.</summary>
internal enum Numbers
{
    /// <summary>Small integers: where no partial sum reaches 2^24 a kernel has to be exact, in whatever order it sums.</summary>
    Integers,

    /// <summary>Reals of magnitude up to 1.</summary>
    Reals,
}

/// <summary>A small network that every algorithm which claims its layers has to compute correctly.</summary>
/// <param name="Name">Unique, and part of a class name.</param>
/// <param name="Model">The network as a reader of definitions would make it.</param>
/// <param name="Numbers">What it is computed with.</param>
internal sealed record Case(string Name, NetworkModel Model, Numbers Numbers)
{
    /// <summary>A case of integers.</summary>
    /// <param name="name">Unique, and part of a class name.</param>
    /// <param name="build">Adds the layers and returns the outputs; none: the last layer's.</param>
    public static Case Exact(string name, Func<NetworkBuilder, int[]> build) => Of(name, Numbers.Integers, build);

    /// <summary>A case of reals.</summary>
    /// <inheritdoc cref="Exact"/>
    public static Case Real(string name, Func<NetworkBuilder, int[]> build) => Of(name, Numbers.Reals, build);

    /// <summary>A case of one layer.</summary>
    /// <param name="name">Unique, and part of a class name.</param>
    /// <param name="numbers">What it is computed with.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">The shapes it reads.</param>
    public static Case Layer(string name, Numbers numbers, Layer layer, params TensorShape[] inputs) => Of(name, numbers, builder =>
    {
        int[] values = [.. inputs.Select((shape, i) => builder.Add($"x{i}", new Input(shape)))];
        return [builder.Add("y", layer, values)];
    });

    /// <summary>The case with the places of the weights that are not zero known, for layers that may be unrolled.</summary>
    /// <param name="seed">Which places.</param>
    public Case WithPlaces(int seed)
    {
        Random random = new(seed);
        IEnumerable<WeightPattern> patterns =
            from tensor in Model.WeightTensors()
            where tensor.Node.Layer is WeightedLayer { Refinement: Sparse { Unroll: true } } && tensor.Name == tensor.Node.Name + ".weight"
            let limit = ((Sparse)((WeightedLayer)tensor.Node.Layer).Refinement!).Limit(tensor.Shape.Elements)
            select new WeightPattern(tensor.Name, Places(random, (int)tensor.Shape.Elements, limit).ToEquatableArray());
        return this with { Model = Model with { Manifest = new WeightManifest("weights", "manifest", patterns.ToEquatableArray()) } };
    }

    private static IEnumerable<int> Places(Random random, int elements, int count)
    {
        int[] order = [.. Enumerable.Range(0, elements)];
        random.Shuffle(order);
        return order.Take(count).Order();
    }

    private static Case Of(string name, Numbers numbers, Func<NetworkBuilder, int[]> build)
    {
        NetworkBuilder builder = new();
        int[] outputs = build(builder);
        return new Case(name, builder.Build(new NetworkType("Cases", name), outputs), numbers);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
