using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Conformance.Tests.RandomNetworks;

/// <summary>One layer of a random network, as numbers: every choice means something after any others, or nothing at all.</summary>
/// <param name="Kind">Which layer.</param>
/// <param name="From">Which of the values so far it reads.</param>
/// <param name="Size">Channels, kernel and the like.</param>
/// <param name="Option">Strides, pads, modes.</param>
internal sealed record Choice(int Kind, int From, int Size, int Option)
{
    /// <summary>Every number is drawn below this one.</summary>
    public const int Limit = 64;

    public static Choice Of(int[] numbers) => new(numbers[0], numbers[1], numbers[2], numbers[3]);

    /// <summary>Smaller numbers: nearer values, fewer channels, simpler options.</summary>
    public IEnumerable<Choice> Shrink()
    {
        foreach (int size in Smaller(Size)) yield return this with { Size = size };
        foreach (int option in Smaller(Option)) yield return this with { Option = option };
        foreach (int from in Smaller(From)) yield return this with { From = from };
    }

    private static IEnumerable<int> Smaller(int number) => number == 0 ? [] : new[] { 0, number / 2, number - 1 }.Distinct();
}

/// <summary>A random network: the shape of its input, and its layers.</summary>
internal sealed record Recipe(Choice Input, Choice[] Layers)
{
    /// <summary>The network as a case; choices that fit nothing are left out.</summary>
    public Case ToCase(string name)
    {
        Numbers numbers = Input.Kind % 2 == 0 ? Numbers.Integers : Numbers.Reals;
        Func<NetworkBuilder, int[]> build = builder =>
        {
            builder.Add("x", new Input(TensorShape.Of(1 + (Input.Option % 2), 1 + (Input.Size % 20), 1 + (Input.From % 9), 1 + (Input.Option % 11))));
            RandomLayers layers = new(builder);
            foreach (Choice choice in Layers) layers.Add(choice);
            layers.End();

            // Everything that nobody reads, and something that may be read.
            IEnumerable<int> layerValues = Enumerable.Range(1, builder.Nodes.Count - 1);
            HashSet<int> read = [.. builder.Nodes.SelectMany(n => n.Inputs)];
            return [.. layerValues.Where(value => !read.Contains(value)), 1 + (Input.From % (builder.Nodes.Count - 1))];
        };
        return numbers == Numbers.Integers ? Case.Exact(name, build) : Case.Real(name, build);
    }

    /// <summary>The same network without a layer, or with a smaller one.</summary>
    public IEnumerable<Recipe> Shrink()
    {
        for (int i = 0; i < Layers.Length; i++) yield return this with { Layers = [.. Layers[..i], .. Layers[(i + 1)..]] };
        foreach (Choice input in Input.Shrink()) yield return this with { Input = input };
        for (int i = 0; i < Layers.Length; i++)
            foreach (Choice choice in Layers[i].Shrink()) yield return this with { Layers = [.. Layers[..i], choice, .. Layers[(i + 1)..]] };
    }

    /// <summary>The layers, one in a line.</summary>
    public override string ToString() => string.Concat(ToCase("Random").Model.Nodes.Select((n, i) =>
        $"\n  {i}: {n.Layer.Kind} {n.Layer.Describe()} of {string.Join(", ", n.Inputs)} -> {n.Shape}"));
}
