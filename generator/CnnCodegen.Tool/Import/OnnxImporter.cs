using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import.Folding;
using CnnCodegen.Tool.Import.Operators;
using CnnCodegen.Tool.Import.Rewrites;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import;

/// <summary>
/// ONNX graph to network, in four steps: nodes to layers (constants folded on the way), rewrites into the layers a person would
/// have written, names, and the finished model.
/// </summary>
internal sealed class OnnxImporter
{
    /// <summary>Elements of all folded constants together: 2 GB of float32.</summary>
    private const long FoldingLimit = 1L << 29;

    private readonly OnnxModel _onnx;
    private readonly ImportOptions _options;
    private readonly DraftGraph _graph = new();
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly List<Draft> _inputs = [];
    private readonly HashSet<Draft> _ends = [];
    private long _folded;

    private OnnxImporter(OnnxModel onnx, ImportOptions options) => (_onnx, _options) = (onnx, options);

    /// <exception cref="ImportException">The network cannot be expressed; unsupported operators are listed all at once.</exception>
    public static ImportedNetwork Import(OnnxModel model, ImportOptions options)
    {
        try
        {
            return new OnnxImporter(model, options).Import();
        }
        catch (ImportException e)
        {
            throw e.In(model.FileName);
        }
        catch (ModelException e)
        {
            throw new ImportException(e.Message).In(model.FileName);
        }
    }

    private ImportedNetwork Import()
    {
        List<OnnxNode> nodes = LiveNodes();
        RefuseUnknownOperators(nodes);
        foreach ((string name, Tensor tensor) in _onnx.Initializers) _values[name] = tensor;
        foreach ((string name, Tensor tensor) in _options.Constants) _values[name] = tensor;
        foreach ((OnnxValue value, TensorShape shape) in InputShapes.Resolve(_onnx, _options))
        {
            Draft input = _graph.Add(new Input(shape), [], []);
            input.ValueName = value.Name;
            _inputs.Add(input);
            _values[value.Name] = new Value(null, input) { Integers = IntegerRange.Of(value.Type) };
        }

        foreach (OnnxNode node in nodes)
        {
            try
            {
                Evaluate(node);
            }
            catch (ImportException e)
            {
                throw e.In(node.Label);
            }
            catch (Exception e) when (e is ModelException or OverflowException)
            {
                throw new ImportException(e.Message).In(node.Label);
            }
        }

        Draft[] outputs = [.. _onnx.Outputs.Select(Output)];
        List<Draft> drafts = Rewriter.Run(_graph.Drafts, _inputs, outputs);
        IReadOnlyList<string> notes = _options.KeepSigns ? [] : BinaryNetworks.Recognise(drafts);
        return NetworkAssembler.Assemble(drafts, outputs, _options, _onnx.FileName) with { Notes = notes };
    }

    private void Evaluate(OnnxNode node)
    {
        Value?[] inputs = [.. node.Inputs.Select(name => name.Length == 0 ? (Value?)null : Find(name))];
        NodeContext context = new(node, _onnx.Opset, inputs, _graph);
        IEnumerable<Value> results;
        if (FoldingCatalog.Folders.TryGetValue(node.OpType, out Folder? fold) && inputs.All(i => i is null or { Constant: not null }))
        {
            Tensor result = fold(context);
            _folded += result.Length;
            if (_folded > FoldingLimit) throw new ImportException($"the constants that the graph computes exceed {FoldingLimit} elements");
            results = [result];
        }
        else if (OperatorCatalog.Importers.TryGetValue(node.OpType, out OperatorImporter? import))
        {
            Func<Value, Value> wrap = ExactOperators.Unwrap(node.OpType, inputs);
            results = import(context).Select(wrap);
        }
        else
        {
            throw ImportException.Unsupported("it is supported for constants only, and reads a value that is computed from the network's inputs");
        }

        foreach ((string name, Value result) in node.Outputs.Zip(results))
        {
            if (name.Length == 0) continue;
            _values[name] = result;
            if (result is { Codes: null, Computed: { ValueName: "" } draft }) draft.ValueName = name;
        }
    }

    private Value Find(string name) => _values.TryGetValue(name, out Value value)
        ? value
        : throw ImportException.Unsupported($"it reads '{name}', an output of another node that is not supported (such as the indices of MaxPool or the mask of Dropout)");

    /// <summary>The nodes that an output depends on.</summary>
    private List<OnnxNode> LiveNodes()
    {
        HashSet<string> needed = new(_onnx.Outputs.Select(o => o.Name), StringComparer.Ordinal);
        List<OnnxNode> live = [];
        foreach (OnnxNode node in _onnx.Nodes.Reverse())
        {
            if (!node.Outputs.Any(needed.Contains)) continue;
            needed.UnionWith(node.Inputs);
            live.Add(node);
        }

        live.Reverse();
        return live;
    }

    private static void RefuseUnknownOperators(List<OnnxNode> nodes)
    {
        List<string> unknown = [.. nodes
            .Where(n => n.Domain.Length > 0 || !(OperatorCatalog.Importers.ContainsKey(n.OpType) || FoldingCatalog.Folders.ContainsKey(n.OpType)))
            .GroupBy(n => (n.Domain, n.OpType))
            .Select(g => $"{(g.Key.Domain.Length > 0 ? g.Key.Domain + "." : "")}{g.Key.OpType} ({Places([.. g])})")];
        if (unknown.Count > 0)
            throw ImportException.Unsupported($"these operators are not supported: {string.Join("; ", unknown)}. Export the model without them, or cut the graph in front of them");

        static string Places(OnnxNode[] nodes)
        {
            string first = string.Join(", ", nodes.Take(3).Select(n => n.Name.Length > 0 ? $"'{n.Name}'" : $"makes '{n.Outputs.FirstOrDefault()}'"));
            return nodes.Length > 3 ? $"{first} and {nodes.Length - 3} more" : first;
        }
    }

    /// <summary>A graph output as a layer behind the inputs: a constant becomes a parameter, an input passes through.</summary>
    private Draft Output(OnnxValue output)
    {
        Value value = Find(output.Name);
        if (value.Constant is { } constant)
        {
            if (!constant.IsFloat) RequireExact(new IntegerRange(constant.Integers.Min(), constant.Integers.Max()));
            return _graph.Parameter(constant.ToFloats(), output.Name);
        }

        if (value.Integers is { } integers) RequireExact(integers);
        Draft draft = value.Codes is { } grid ? CodeValues.Integers(value.Computed!, grid, (layer, x) => _graph.Add(layer, x, [])) : value.Computed!;
        if (draft.Layer is Input || !_ends.Add(draft)) draft = _graph.Add(new Identity(), [draft], []);
        draft.ValueName = output.Name;
        return draft;

        void RequireExact(IntegerRange range)
        {
            if (range.Bound > IntegerRange.Exact)
                throw ImportException.Unsupported($"the output '{output.Name}' may be integers from {range}, and a float holds those of up to {IntegerRange.Exact} exactly; put a Cast to float32 behind it");
        }
    }
}
