using CnnCodegen.Generator.Diagnostics;
using CnnCodegen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Reading;

/// <summary>
/// One layer attribute while it is read: its options, what it reads, and the nodes it adds. A reader takes all options first,
/// so that they are checked even where the input is in doubt; what needs the input's shape is in the functions it passes on.
/// </summary>
internal sealed class LayerScope(DefinitionReader definition, AttributeArguments options, string name, string title, bool refines)
{
    private readonly NameScope _names = definition.Names;
    private readonly int _firstNode = definition.Builder.Nodes.Count;

    public AttributeArguments Options => options;

    /// <summary>The batch of the network.</summary>
    public int Batch => definition.Batch;

    /// <summary>The node's name.</summary>
    public string Name => name;

    /// <summary>The layer in words, for messages.</summary>
    public string Title => title;

    /// <summary>The layer's value; unknown until, and unless, it is defined.</summary>
    public Value Result { get; private set; } = Value.Unknown;

    /// <summary>How many values the layer has, where it is a Split.</summary>
    public int Parts { get; private set; }

    /// <summary>How the refinement behind the layer wants it added; null if there is none.</summary>
    public Refiner? Refiner { get; init; }

    /// <summary>Where that refinement stands.</summary>
    public Location? RefinementLocation { get; init; }

    /// <summary>The layer took notice of its refinement.</summary>
    public bool IsRefined { get; private set; }

    /// <summary>A layer of one input.</summary>
    public void Add(Func<TensorShape, Layer> layer) => Add(layer, Source());

    /// <summary>A layer of one input that is not <see cref="Source"/>.</summary>
    public void Add(Func<TensorShape, Layer> layer, Value source) => Result = Define(name, shapes => layer(shapes[0]), source);

    /// <summary>A step on the way to the layer, called NAME.KIND, made from the shape of the first value that it reads.</summary>
    public Value AddInner(string kind, Func<TensorShape, Layer> layer, params Value[] sources) => Define(_names.Inner(name, kind), shapes => layer(shapes[0]), sources);

    /// <summary>A step of several inputs on the way to the layer, called NAME.KIND.</summary>
    public Value AddInner(string kind, Layer layer, params Value[] sources) => Define(_names.Inner(name, kind), _ => layer, sources);

    /// <summary>A step behind the layer, called NAME.KIND, whose value becomes the layer's.</summary>
    public void AddBehind(string kind, Layer layer, params Value[] sources) => Result = AddInner(kind, layer, sources);

    /// <summary>Whether a value is known to hold nothing but -1 and 1.</summary>
    public bool IsBinary(Value value) => value.Node is { } node && Grids.IsBinary(Grids.Of(definition.Builder.Nodes)[node]);

    /// <summary>A layer of one input whose weights a refinement may represent in its own way.</summary>
    public void AddRefined(Func<TensorShape, WeightedLayer> layer)
    {
        IsRefined = true;
        if (Refiner is null) Add(layer);
        else Refiner(this, layer);
    }

    /// <summary>A layer that reads nothing.</summary>
    public void AddSource(Layer layer) => Result = Define(name, _ => layer);

    /// <summary>A layer of several inputs.</summary>
    public void Add(Layer layer, params Value[] inputs) => Result = Define(name, _ => layer, inputs);

    /// <summary>A layer of two inputs, applied from left to right to all of them.</summary>
    public void AddChain(Layer layer, IReadOnlyList<Value> inputs)
    {
        Value value = inputs[0];
        for (int i = 1; i < inputs.Count; i++)
            value = Define(i < inputs.Count - 1 ? _names.Inner(name, layer.Kind) : name, _ => layer, value, inputs[i]);
        Result = value;
    }

    /// <summary>Layers of one input, called NAME.0, NAME.1 and so on.</summary>
    public void AddParts(int parts, Func<TensorShape, int, Layer> layer)
    {
        Parts = parts;
        Value source = Source();
        for (int i = 0; i < parts; i++)
        {
            int part = i;
            string label = FormattableString.Invariant($"{name}.{part}");
            if (_names.OwnerOf(label) is { } owner) Report(DiagnosticDescriptors.DuplicateName, $"'{label}', a value of {title},", owner);
            Value value = Define(_names.Free(label), shapes => layer(shapes[0], part), source);
            _names.Bind(label, value);

            // What does not fit one part does not fit the others either.
            if (value == Value.Unknown) source = Value.Unknown;
        }
    }

    /// <summary>What the layer reads: <c>From</c>, or the layer before it.</summary>
    /// <exception cref="ModelException">That is not one value.</exception>
    public Value Source()
    {
        if (options.String("From") is { } from)
        {
            return !refines ? Operand(from)
                : throw new ModelException($"From is '{from}', but without a name it belongs to the layer before it; give it a name of its own");
        }

        if (_names.Before is not { } before)
        {
            Report(DiagnosticDescriptors.OutOfOrder, title, "has no layer before it to read; put [Input] first");
            return Value.Unknown;
        }

        return before.Parts == 0 ? before.Value
            : throw new ModelException($"the layer before it is a Split with the values '{before.Label}.0' to '{before.Label}.{before.Parts - 1}'; give it a name, and say in From which of them it reads");
    }

    /// <summary>The value of a layer above this one.</summary>
    public Value Operand(string label) => definition.Find(label, title);

    public void Report(DiagnosticDescriptor descriptor, params object[] arguments) => definition.Report(descriptor, arguments);

    private Value Define(string node, Func<TensorShape[], Layer> layer, params Value[] inputs)
    {
        _names.Take(node, title);
        if (inputs.Contains(Value.Unknown)) return Value.Unknown;
        NetworkBuilder builder = definition.Builder;
        int[] nodes = inputs.Select(input => input.Node!.Value).ToArray();
        try
        {
            return new Value(builder.Add(node, layer(nodes.Select(builder.Shape).ToArray()), nodes));
        }
        catch (RefinementException exception)
        {
            definition.Report(RefinementLocation!, DiagnosticDescriptors.BadOption, title, exception.Message);
        }
        catch (ModelException exception) when (inputs.Length == 0)
        {
            Report(DiagnosticDescriptors.BadOption, title, exception.Message);
        }
        catch (ModelException exception)
        {
            string shapes = string.Join(" and ", nodes.Select(Outer).Select(n => $"{builder.Shape(n)} of '{NetworkModel.Label(builder.Nodes[n])}'"));
            Report(DiagnosticDescriptors.DoesNotFit, title, shapes, exception.Message);
        }

        return Value.Unknown;
    }

    /// <summary>What the user knows by name: of a step of this layer that keeps the shape, the value of the other layer that it stems from.</summary>
    private int Outer(int node)
    {
        NetworkBuilder builder = definition.Builder;
        while (node >= _firstNode && builder.Shape(builder.Nodes[node].Inputs[0]) == builder.Shape(node)) node = builder.Nodes[node].Inputs[0];
        return node;
    }
}
