using System.Text;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import.Naming;

namespace CnnCodegen.Tool.Import;

/// <summary>
/// Prints a network as the annotated class that the generator reads back to the same network: one line for each layer, with what
/// needs no name behind it.
/// </summary>
internal sealed class AttributeWriter
{
    private const int LineLength = 120;

    // Lines that no layer continues.
    private static readonly string[] s_declarations = ["[Network", "[Input(", "[Parameter("];

    private readonly NetworkModel _model;
    private readonly int _batch;
    private readonly int[] _uses;
    private readonly IReadOnlyList<Activation?> _grids;
    private readonly ImplicitNames _reader = new();
    private readonly List<string> _lines = [];

    private readonly (Layer, int, TensorShape)[] _sources;

    // What From may call each value; an attached layer takes over the name of the layer it belongs to.
    private readonly string[] _labels;

    // The value that a layer without From reads.
    private int? _before;

    private AttributeWriter(NetworkModel model)
    {
        _model = model;
        _uses = model.UseCounts();
        _grids = Grids.Of(model.Nodes);
        _labels = new string[model.Nodes.Count];
        _sources = [.. model.Nodes.Select(n => (n.Layer, n.Inputs.Count > 0 ? n.Inputs[0] : -1, SourceShape(n)))];
        _batch = model.Inputs.Select(i => model.Nodes[i].Shape).Where(s => s.Rank > 1).Select(s => s[0]).FirstOrDefault(1);
    }

    /// <summary>C# source text, lines ending in <c>\n</c>.</summary>
    public static string Write(NetworkModel model, string summary) => new AttributeWriter(model).Write(summary);

    private string Write(string summary)
    {
        string[] settings = [.. new[]
        {
            _model.Type.Weights is { } weights ? $"Weights = {Literals.Text(weights)}" : "",
            _batch != 1 ? $"Batch = {Literals.Number(_batch)}" : "",
            _model.Accuracy != default ? $"Accuracy = {nameof(Accuracy)}.{_model.Accuracy}" : "",
        }.Where(s => s.Length > 0)];
        _lines.Add(settings.Length == 0 ? "[Network]" : $"[Network({string.Join(", ", settings)})]");

        for (int i = 0; i < _model.Nodes.Count; i++) i = Write(i);
        bool lastIsOutput = _model.Outputs.Count == 1 && _before == _model.Outputs[0];
        if (!lastIsOutput) _lines.Add($"[Output({string.Join(", ", _model.Outputs.Select(o => Literals.Text(_labels[o])))})]");

        StringBuilder text = new("using CnnCodegen;\n\n");
        if (_model.Type.Namespace.Length > 0) text.Append($"namespace {_model.Type.Namespace};\n\n");
        text.Append($"/// <summary>{Literals.Xml(summary)}</summary>\n");
        foreach (string line in _lines) text.Append(line).Append('\n');
        return text.Append($"public sealed partial class {_model.Type.Name};\n").ToString();
    }

    /// <summary>Prints the layer at <paramref name="i"/> and returns the last node that this covers.</summary>
    private int Write(int i)
    {
        Node node = _model.Nodes[i];
        if (RefinedGroup.At(_model.Nodes, i) is { } group) (node, i) = (group.Declared, group.Last);
        AttributeForm form = AttributeForm.Of(node.Layer, SourceShape(node));
        if (SplitName(i) is { } split) return WriteSplit(i, split);

        bool readsBefore = node.Inputs.Count == 1 && node.Inputs[0] == _before;
        bool attached = form.Naming == UnnamedForm.Attached && readsBefore && _reader.Attached(form.Kind) == node.Name && _uses[node.Inputs[0]] == 1;
        bool numbered = form.Naming == UnnamedForm.Numbered && readsBefore && _reader.Numbered(form.Kind) == node.Name && !IsCalled(i);
        List<string> arguments = attached || numbered ? [] : [Literals.Text(node.Name)];
        if (node.Inputs.Count > 1) arguments.AddRange(node.Inputs.Select(input => Literals.Text(_labels[input])));
        arguments.AddRange(LayerArguments.Of(node.Layer, [.. node.Inputs.Select(n => _model.Nodes[n].Shape)], _batch));
        if (node.Inputs.Count == 1 && !readsBefore) arguments.Add($"From = {Literals.Text(_labels[node.Inputs[0]])}");

        Append(form.Attribute + (arguments.Count == 0 ? "" : $"({string.Join(", ", arguments)})"), attached || numbered || IsNormOf(node, readsBefore));
        if (LayerArguments.Refinement(node.Layer, node.Inputs.Count > 0 && Grids.IsBinary(_grids[node.Inputs[0]])) is { } refinement) Append(refinement, sameLine: true);
        if (attached) _reader.Attach(node.Name);
        else if (numbered) _reader.DeclareNumbered(form.Kind);
        else _reader.Declare(node.Name);
        _labels[i] = _reader.Layer;
        _before = i;
        return i;
    }

    private int WriteSplit(int i, string name)
    {
        (int axis, int[] sizes) = SplitGroup.At(_sources, i)!.Value;
        int source = _model.Nodes[i].Inputs[0];
        List<string> arguments = [Literals.Text(name), Literals.Number(sizes.Length)];
        if (axis != 1) arguments.Add($"Axis = {Literals.Number(axis)}");
        if (sizes.Distinct().Count() > 1) arguments.Add($"Sizes = {Literals.Array(sizes)}");
        if (source != _before) arguments.Add($"From = {Literals.Text(_labels[source])}");
        Append($"Split({string.Join(", ", arguments)})", sameLine: false);
        for (int part = 0; part < sizes.Length; part++)
        {
            _labels[i + part] = _model.Nodes[i + part].Name;
            _reader.Declare(_labels[i + part]);
        }

        _reader.Declare(name);
        _before = null;
        return i + sizes.Length - 1;
    }

    /// <summary>The name of the Split that the slices from <paramref name="i"/> on are; null where they are none.</summary>
    private string? SplitName(int i)
    {
        string first = _model.Nodes[i].Name;
        if (!first.EndsWith(".0", StringComparison.Ordinal) || SplitGroup.At(_sources, i) is not { } split) return null;
        string name = first[..^2];
        bool named = Enumerable.Range(0, split.Sizes.Length).All(part => _model.Nodes[i + part].Name == FormattableString.Invariant($"{name}.{part}"));
        return named && split.Sizes.Length > 1 && !_reader.IsTaken(name) ? name : null;
    }

    private TensorShape SourceShape(Node node) => node.Inputs.Count > 0 ? _model.Nodes[node.Inputs[0]].Shape : default;

    /// <summary>Whether another layer, or the outputs, say the name of the layer at <paramref name="i"/> or of what is attached to it.</summary>
    private bool IsCalled(int i)
    {
        int tail = i;
        while (tail + 1 < _model.Nodes.Count && _model.Nodes[tail + 1].Name.StartsWith(_model.Nodes[i].Name + ".", StringComparison.Ordinal)) tail++;
        if (_uses[tail] != 1) return _uses[tail] > 1;
        if (tail == _model.Nodes.Count - 1) return _model.Outputs.Count > 1;
        Node next = _model.Nodes[tail + 1];
        return next.Inputs.Count != 1 || next.Inputs[0] != tail;
    }

    /// <summary>A named batch norm stands on the line of the convolution it normalises.</summary>
    private bool IsNormOf(Node node, bool readsBefore) => node.Layer is BatchNorm && readsBefore && _model.Nodes[node.Inputs[0]].Layer is Conv or ConvTranspose or Linear;

    private void Append(string attribute, bool sameLine)
    {
        string last = _lines[^1];
        bool isLayer = !s_declarations.Any(d => last.StartsWith(d, StringComparison.Ordinal));
        if (sameLine && isLayer && last.Length + attribute.Length + 2 <= LineLength) _lines[^1] = $"{last[..^1]}, {attribute}]";
        else _lines.Add($"[{attribute}]");
    }
}
