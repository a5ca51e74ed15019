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

    /// <summary>Appends the layer that a choice stands for, if it fits.</summary>
    public void Add(Choice choice)
    {
        // The latest values are read most often.
        int x = builder.Nodes.Count - 1 - (choice.From % Math.Min(builder.Nodes.Count, 1 + (choice.From % 4)));
        TensorShape shape = builder.Shape(x);
        int channels = 1 + (choice.Size % 21), rank = Math.Max(1, shape.Rank - 2), c = shape.Rank > 1 ? shape[1] : 1;
        Window window = Window.Square(rank, 1 + (choice.Size % 3), 1 + (choice.Option % 2), choice.Option % (1 + (choice.Size % 3)));
        switch (choice.Kind % 20)
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
            default: Try(new Binary(BinaryKind.Max), x, x); break;
        }
    }

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
