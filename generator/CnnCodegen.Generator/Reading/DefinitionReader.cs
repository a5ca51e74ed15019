using CnnCodegen.Generator.Diagnostics;
using CnnCodegen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Reading;

/// <summary>
/// Reads the attributes of one class in source order. After an error it goes on: what depends on the faulty layer is
/// skipped silently, everything else is still checked, so that all independent errors are listed at once.
/// </summary>
internal sealed class DefinitionReader(string network, IReadOnlyList<NetworkAttributeData> attributes, CancellationToken token)
{
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<(string Title, Location Location, int FirstNode)> _layers = [];
    private readonly List<(string Node, string Title, Location Location)> _pins = [];
    private readonly List<NetworkAttributeData> _outputs = [];
    private readonly HashSet<string> _declared = new(attributes.Select(a => a.Arguments?.String("name")).OfType<string>(), StringComparer.Ordinal);
    private Location _location = Location.None;
    private Accuracy _accuracy;
    private bool _rejected;

    public NetworkBuilder Builder { get; } = new();

    public NameScope Names { get; } = new();

    public int Batch { get; private set; } = 1;

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>The layers that may ask for an algorithm.</summary>
    public IReadOnlyList<(string Node, string Title, Location Location)> Pins => _pins;

    /// <summary>The network; null after an error.</summary>
    public NetworkModel? Read(NetworkType type)
    {
        for (int i = 0; i < attributes.Count; i++)
        {
            token.ThrowIfCancellationRequested();
            NetworkAttributeData attribute = attributes[i];
            _location = attribute.Location;
            if (attribute.Arguments is null) Reject();
            else if (attribute.Name == LayerCatalog.Network) type = ReadNetwork(type, attribute.Arguments);
            else if (attribute.Name == LayerCatalog.Output) _outputs.Add(attribute);
            else if (LayerCatalog.Find(attribute.Name) is { } kind) ReadLayer(kind, attribute.Arguments, i + 1 < attributes.Count ? attributes[i + 1] : null);
            else if (i == 0 || LayerCatalog.Find(attributes[i - 1].Name) is null) ReportStray(attribute.Name);
        }

        CheckOrder();
        CheckComplete();
        Value[] outputs = ReadOutputs();
        if (_rejected || _diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error)) return null;

        NetworkModel model = Builder.Build(type, outputs.Select(output => output.Node!.Value).ToArray()) with { Accuracy = _accuracy };
        ReportUnused(model);
        return model;
    }

    /// <summary>The value of a label.</summary>
    public Value Find(string label, string reader)
    {
        if (Names.TryFind(label, out Value value) || _rejected) return value;
        string hint = _declared.Contains(label) ? "which is no value of a layer above it; a layer reads earlier ones only"
            : NearestName.Of(label, Names.Labels) is { } nearest ? $"but no layer above it has that name; did you mean '{nearest}'?"
            : "but there is no layer above it";
        Report(DiagnosticDescriptors.UnknownName, reader, label, hint);
        return Value.Unknown;
    }

    /// <summary>Reports at the attribute that is being read.</summary>
    public void Report(DiagnosticDescriptor descriptor, params object[] arguments) => Report(_location, descriptor, arguments);

    /// <summary>Reports at another place.</summary>
    public void Report(Location location, DiagnosticDescriptor descriptor, params object[] arguments) =>
        _diagnostics.Add(Diagnostic.Create(descriptor, location, arguments));

    /// <summary>The compiler has reported the attribute. Its name may be missing, so names are no longer checked.</summary>
    private void Reject()
    {
        _rejected = true;
        Names.Before = new LayerBefore("", Value.Unknown);
    }

    private NetworkType ReadNetwork(NetworkType type, AttributeArguments arguments)
    {
        string? weights = arguments.String("Weights");
        if (weights is "") Report(DiagnosticDescriptors.BadOption, $"network '{network}'", "Weights is empty; name a file, or leave it out");
        try
        {
            Batch = arguments.Int("Batch", 1, min: 1);
            _accuracy = arguments.Enum<Accuracy>("Accuracy");
        }
        catch (ModelException exception)
        {
            Report(DiagnosticDescriptors.BadOption, $"network '{network}'", exception.Message);
        }

        return type with { Weights = weights };
    }

    /// <summary>The refinement that stands directly behind a layer; null if there is none, or it is in error.</summary>
    private Refiner? ReadRefinement(NetworkAttributeData? next)
    {
        if (next?.Arguments is null || RefinementCatalog.Find(next.Name) is not { } refinement) return null;
        Location layer = _location;
        _location = next.Location;
        try
        {
            return refinement.Read(next.Arguments);
        }
        catch (ModelException exception)
        {
            Report(DiagnosticDescriptors.BadOption, next.Name, exception.Message);
            return null;
        }
        finally
        {
            _location = layer;
        }
    }

    private void ReportStray(string refinement) => Report(
        DiagnosticDescriptors.OutOfOrder, refinement, "does not stand directly behind a layer with weights; put it behind a Conv, DepthwiseConv or Linear, one for each");

    private void ReadLayer(LayerKind kind, AttributeArguments arguments, NetworkAttributeData? next)
    {
        string? given = arguments.String("name");
        bool named = given is not null || kind.Naming == Naming.Required;
        bool refines = !named && kind.Naming == Naming.Refining;
        if (refines && Names.Before is null)
        {
            Report(DiagnosticDescriptors.OutOfOrder, kind.Name, "has no name, so it belongs to the layer before it, and there is none; put it behind a layer");
            return;
        }

        string label = named ? given ?? "" : refines ? Names.Before!.Label : Names.Ordinal(kind.Name);
        string title = refines ? $"{kind.Name} behind '{label}'" : $"{kind.Name} '{label}'";
        string? owner = named ? Names.OwnerOf(label) : null;
        if (named && !NameScope.IsValid(label)) Report(DiagnosticDescriptors.InvalidName, kind.Name, label);
        else if (owner is not null) Report(DiagnosticDescriptors.DuplicateName, title, owner);

        string node = refines ? Names.Inner(label, kind.Name) : Names.Free(label);
        Names.Take(node, title);
        _layers.Add((title, _location, Builder.Nodes.Count));
        LayerScope scope = new(this, arguments, node, title, refines) { Refiner = ReadRefinement(next), RefinementLocation = next?.Location };
        if (arguments.Has("Algorithm") || scope.Refiner is not null) _pins.Add((node, title, _location));
        try
        {
            kind.Read(scope);
        }
        catch (ModelException exception)
        {
            Report(DiagnosticDescriptors.BadOption, title, exception.Message);
        }

        if (scope.Refiner is not null && !scope.IsRefined)
        {
            _location = next!.Location;
            ReportStray(next.Name);
        }

        // A name that two layers have may mean either.
        if (scope.Parts == 0) Names.Bind(label, owner is null ? scope.Result : Value.Unknown);
        Names.Before = new LayerBefore(label, scope.Result, scope.Parts);
    }

    private void CheckOrder()
    {
        bool reading = false;
        for (int i = 0; i < attributes.Count; i++)
        {
            NetworkAttributeData attribute = attributes[i];
            _location = attribute.Location;
            if (attribute.Name == LayerCatalog.Input && reading)
                Report(DiagnosticDescriptors.OutOfOrder, attribute.Title, "comes behind a layer; put all inputs before the layers");
            if (attribute.Name == LayerCatalog.Output && attributes.Skip(i + 1).Any(a => a.Name is not (LayerCatalog.Output or LayerCatalog.Network)))
                Report(DiagnosticDescriptors.OutOfOrder, "Output", "comes before a layer; put it behind the last one");
            reading |= attribute.Name is not (LayerCatalog.Input or LayerCatalog.Parameter or LayerCatalog.Output or LayerCatalog.Network);
        }
    }

    private void CheckComplete()
    {
        _location = attributes.First(a => a.Name == LayerCatalog.Network).Location;
        if (attributes.All(a => a.Name != LayerCatalog.Input))
            Report(DiagnosticDescriptors.Incomplete, network, "input; add [Input(\"name\", dimensions behind the batch)] before its layers");
        if (attributes.All(a => a.Name is LayerCatalog.Input or LayerCatalog.Output or LayerCatalog.Network))
            Report(DiagnosticDescriptors.Incomplete, network, "layer; add one behind its inputs, for example [Conv(\"conv1\", 16, Kernel = 3)]");
        else if (_outputs.Count == 0 && Names.Before is { Parts: > 0 })
            Report(DiagnosticDescriptors.Incomplete, network, "output: its last layer is a Split, which has several values; name those to return in [Output]");
    }

    private Value[] ReadOutputs()
    {
        List<Value> outputs = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (NetworkAttributeData attribute in _outputs)
        {
            _location = attribute.Location;
            string[] labels = attribute.Arguments!.Strings("names");
            if (labels.Length == 0 && Names.Before is { } before) labels = [before.Label];
            foreach (string label in labels)
            {
                if (!seen.Add(label)) Report(DiagnosticDescriptors.BadOption, "Output", $"'{label}' is named twice; name each value once");
                outputs.Add(Find(label, "Output"));
            }
        }

        return outputs.Count > 0 || Names.Before is not { } end ? outputs.ToArray() : [end.Value];
    }

    private void ReportUnused(NetworkModel model)
    {
        for (int i = 0; i < _layers.Count; i++)
        {
            int first = _layers[i].FirstNode, end = i + 1 < _layers.Count ? _layers[i + 1].FirstNode : model.Nodes.Count;
            bool used = model.Outputs.Concat(model.Nodes.Skip(end).SelectMany(node => node.Inputs)).Any(n => n >= first && n < end);
            if (used) continue;
            _location = _layers[i].Location;
            Report(DiagnosticDescriptors.Unused, _layers[i].Title);
        }
    }
}
