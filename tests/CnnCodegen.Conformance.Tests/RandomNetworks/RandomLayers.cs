using CnnCodegen.Generator.Model;

namespace CnnCodegen.Conformance.Tests.RandomNetworks;

/// <summary>Turns choices into layers of a network that is being built.</summary>
internal sealed class RandomLayers(NetworkBuilder builder)
{
    /// <summary>Elements beyond which a test would take long.</summary>
    private const int MaxElements = 6000;

    private static readonly Activation[] Activations =
    [
        new(ActivationKind.Relu), new(ActivationKind.Relu6), new(ActivationKind.Clip, -1, 2), new(ActivationKind.LeakyRelu, 0.25f), new(ActivationKind.Elu, 1),
        new(ActivationKind.Sigmoid), new(ActivationKind.Tanh), new(ActivationKind.HardSigmoid, 0.2f, 0.5f), new(ActivationKind.HardSwish),
        new(ActivationKind.Softplus), new(ActivationKind.Affine, 0.5f, -1),
    ];

    private static readonly Refinement[] Refinements = [new Sparse(0.25), new BinaryWeight(), new Bitwise(0), new DoReFa(2), new Int8(), new Lookup(7, 2)];

    /// <summary>Appends the layer that a choice stands for, if it fits.</summary>
    public void Add(Choice choice)
    {
        // The latest values are read most often.
        int x = builder.Nodes.Count - 1 - (choice.From % Math.Min(builder.Nodes.Count, 1 + (choice.From % 4)));
        TensorShape shape = builder.Shape(x);
        int channels = 1 + (choice.Size % 21), rank = Math.Max(1, shape.Rank - 2), c = shape.Rank > 1 ? shape[1] : 1;
        Window window = Window.Square(rank, 1 + (choice.Size % 3), 1 + (choice.Option % 2), choice.Option % (1 + (choice.Size % 3)));
        switch (choice.Kind % 28)
        {
            case 0 or 1: Try(new Conv(channels, window with { PadsEnd = Window.Repeat(choice.Option / 2 % 3, rank) }, Bias: choice.Option % 3 > 0), x); break;
            case 2: Try(new Conv(channels, Window.Square(rank, 1)), x); break;
            case 3: Try(new Conv(c, window, Groups: c), x); break;
            case 4: Try(new Conv(c, Window.Square(rank, 3, 1, 1, 1 + (choice.Option % 2)), Groups: c % 2 == 0 ? 2 : 1), x); break;
            case 5: Try(new ConvTranspose(channels, window, Window.Repeat(0, rank)), x); break;
            case 6: Try(new Pool(PoolKind.Max, window with { CeilMode = choice.Option % 3 == 0 }), x); break;
            case 7: Try(new Pool(PoolKind.Average, window, CountIncludePad: choice.Option % 3 == 0), x); break;
            case 8 or 9: Try(Activations[choice.Option % Activations.Length], x); break;
            case 10 or 11: TryPairs(new Binary(choice.Option % 3 == 0 ? BinaryKind.Sub : BinaryKind.Add), x); break;
            case 12: TryPairs(new Concat(2), x); break;
            case 13: Try(choice.Option % 2 == 0 ? new BatchNorm(choice.Size % 2 * 0.5f) : new PRelu(choice.Option % 3 == 0), x); break;
            case 14: Try(Resize(shape, choice), x); break;
            case 15: Try(Movement(shape, choice), x); break;
            case 16: Try(new Linear(channels, choice.Option % 2 == 0), x); break;
            case 17: Gate(x); break;
            case 18: Try(choice.Option % 2 == 0 ? new Softmax(-1) : new LocalResponseNorm(1 + (choice.Size % 5), 0.1f), x); break;
            case 19: Try(new Binary(BinaryKind.Max), x, x); break;
            case 20 or 21: Signs(x, choice, Grouped(window, choice, c)); break;
            case 22 or 23: Codes(x, choice, Grouped(window, choice, c)); break;
            case 24: Try(Grouped(window, choice, c) with { Refinement = Refinements[choice.From % Refinements.Length] }, x); break;
            case 25: Try(new Linear(Wide(choice), choice.Option % 2 == 0) { Refinement = Refinements[choice.From % Refinements.Length] }, x); break;
            case 26: Try(new Activation(ActivationKind.Binarize), x); break;
            default: Try(Quantize(choice), x); break;
        }
    }

    /// <summary>Signs, a layer of weights of one bit (or ternary ones) that reads them, and perhaps a norm, a residual and signs behind it.</summary>
    private void Signs(int x, Choice choice, Conv conv)
    {
        if (Try(new Activation(ActivationKind.Binarize), x) is not { } signs) return;
        Refinement refinement = choice.From % 3 == 0 ? new Bitwise(0) : new BinaryWeight();
        WeightedLayer layer = choice.From % 7 == 0 ? new Linear(Wide(choice)) : conv;
        Behind(Try(layer with { Refinement = refinement }, signs), x, choice, new Activation(ActivationKind.Binarize));
    }

    /// <summary>The same of codes and weights of one byte.</summary>
    private void Codes(int x, Choice choice, Conv conv)
    {
        if (Try(Quantize(choice), x) is not { } codes) return;
        WeightedLayer layer = choice.From % 7 == 0 ? new Linear(Wide(choice)) : conv;
        Behind(Try(layer with { Refinement = new Int8() }, codes), x, choice, Quantize(choice) with { Alpha = 16 });
    }

    /// <summary>What may follow such a layer: a norm, a residual, a pooling, a bound, and the values that the next one reads.</summary>
    private void Behind(int? y, int x, Choice choice, Activation last)
    {
        if (choice.Option % 3 == 0) y = Next(new BatchNorm(0), y);
        if (choice.Size % 3 == 0 && y is { } conv) y = Try(new Binary(BinaryKind.Add), conv, x) ?? y;
        if (choice.From % 5 == 0) y = Next(new Pool(PoolKind.Max, Window.Square(2, 2 + (choice.Size % 2), 1 + (choice.Option % 2), choice.Size % 2)), y);
        if (choice.From % 4 == 0) y = Next(Activations[choice.Size % 3], y);
        if (choice.Option % 4 > 0) Next(last, y);
    }

    /// <summary>Channels beyond a vector and a word of bits.</summary>
    private static int Wide(Choice choice) => 1 + ((choice.Size + choice.Option) % 70);

    /// <summary>A convolution of one group, two, or one for each channel.</summary>
    private static Conv Grouped(Window window, Choice choice, int inChannels)
    {
        window = window with { Dilations = Window.Repeat(1 + (choice.From % 2), window.Rank) };
        int groups = (choice.From % 5) switch { 0 => inChannels, 1 when inChannels % 2 == 0 => 2, _ => 1 };
        return new Conv(groups == 1 ? Wide(choice) : groups * (1 + (choice.Size % 9)), window, groups, Bias: choice.Option % 2 == 0);
    }

    private static Activation Quantize(Choice choice) =>
        new(ActivationKind.Quantize, 1 + (choice.Size % 3), choice.Option % 4) { Low = choice.Option % 2 == 0 ? -128 : 0, High = choice.Size % 2 == 0 ? 127 : 5 + choice.Size };

    private int? Next(Layer layer, int? x) => x is { } value ? Try(layer, value) ?? value : null;

    /// <summary>Appends a layer to a network that has none yet.</summary>
    public void End()
    {
        if (builder.Nodes.Count == 1) Try(new Activation(ActivationKind.Relu), 0);
    }

    private static Layer Resize(TensorShape shape, Choice choice) => new Resize(
        [.. shape.Dims.Select((size, i) => i < 2 ? size : 1 + ((size + choice.Size + i) % 9))], [],
        choice.Option % 2 == 0 ? Generator.Model.ResizeMode.Nearest : Generator.Model.ResizeMode.Linear,
        (Generator.Model.ResizeCoordinates)(choice.Option / 2 % 4), (Generator.Model.NearestRounding)(choice.Size % 4));

    private static Layer Movement(TensorShape shape, Choice choice) => (choice.Option % 6) switch
    {
        0 => new Transpose([0, .. Enumerable.Range(1, shape.Rank - 1).Reverse()]),
        1 => new Slice([choice.Size % 3], [100], [1], [1 + (choice.Size % 2)]),
        2 => new Pad([.. shape.Dims.Select((_, i) => i < 2 ? 0 : choice.Size % 3)], [.. shape.Dims.Select((_, i) => i < 2 ? 0 : 1)], (Generator.Model.PadMode)(choice.Size % 3), 1.5f),
        3 => new ChannelShuffle(2 + (choice.Size % 2)),
        4 => new DepthToSpace(2, choice.Size % 2 == 0),
        _ => new Flatten(),
    };

    /// <summary>Squeeze and excitation: a value times a gate for each of its channels.</summary>
    private void Gate(int x)
    {
        if (Try(new GlobalPool(PoolKind.Average), x) is { } pool && Try(new Activation(ActivationKind.HardSigmoid, 0.2f, 0.5f), pool) is { } gate)
            Try(new Binary(BinaryKind.Mul), x, gate);
    }

    /// <summary>A layer of two values: with the latest other value that fits, or with itself.</summary>
    private void TryPairs(Layer layer, int x)
    {
        for (int other = builder.Nodes.Count - 1; other >= 0; other--)
            if (other != x && Try(layer, x, other) is not null) return;
        Try(layer, x, x);
    }

    /// <summary>Appends a layer; null if it does not fit its inputs or gets too large.</summary>
    private int? Try(Layer layer, params int[] inputs)
    {
        try
        {
            TensorShape[] shapes = [.. inputs.Select(builder.Shape)];
            TensorShape shape = layer.Resolve(shapes).InferShape(shapes);
            return shape.Elements <= MaxElements ? builder.Add($"n{builder.Nodes.Count}", layer, inputs) : null;
        }
        catch (ModelException)
        {
            return null;
        }
    }
}
