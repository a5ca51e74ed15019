using CnnCodegen.Generator.Algorithms;
using CnnCodegen.Generator.Algorithms.Fused;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Model.Rewrites;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Planning;

/// <summary>
/// Model to plan. First every layer gets an algorithm, in order, and says in which forms it reads and writes; then the steps are laid
/// out, with a change of form before the first reader that needs it, and the workspace is planned over their lifetimes.
/// </summary>
internal sealed class NetworkPlanner
{
    /// <summary>The reason of a step that changes the form of a value, which has the value's name.</summary>
    public const string ChangeOfForm = "a reader needs it so";

    private readonly NetworkModel _model;
    private readonly Isa _isa;
    private readonly AlgorithmChooser _chooser;
    private readonly bool _fuses;
    private readonly Choice?[] _choices;
    private readonly Form[] _forms;
    private readonly IReadOnlyList<Activation?> _grids;
    private readonly int[] _remaining;
    private readonly Dictionary<(int Value, Form Form), Border> _borders = [];
    private readonly Dictionary<(int Value, Form Form), (TensorView View, Buffer Buffer)> _stored = [];
    private readonly Dictionary<int, Buffer> _concats = [];
    private readonly Dictionary<int, Fusion> _fusions = [];
    private readonly List<Buffer> _workspace = [];
    private readonly List<PendingStep> _steps = [];
    private readonly List<PackedWeights> _weights = [];
    private ConcatSlices _slices = null!;
    private long _weightBytes;

    private NetworkPlanner(NetworkModel model, Isa isa, IReadOnlyList<IAlgorithm> catalog)
    {
        _model = model;
        _isa = isa;
        _chooser = new AlgorithmChooser(model, isa, catalog);
        _fuses = catalog.Any(algorithm => algorithm is FusedAlgorithm);
        _choices = new Choice?[model.Nodes.Count];
        _forms = new Form[model.Nodes.Count];
        _grids = Grids.Of(model.Nodes);
        _remaining = model.UseCounts();
    }

    /// <summary>Rewrites the model and plans it for an instruction set.</summary>
    /// <param name="model">The network as the user wrote it.</param>
    /// <param name="isa">The instruction set.</param>
    /// <param name="token">Cancels the planning.</param>
    /// <param name="catalog">The algorithms to choose from, in order; by default <see cref="AlgorithmCatalog.All"/>.</param>
    /// <exception cref="OperationCanceledException">The compilation is no longer wanted.</exception>
    public static NetworkPlan Plan(NetworkModel model, Isa isa, CancellationToken token = default, IReadOnlyList<IAlgorithm>? catalog = null)
    {
        token.ThrowIfCancellationRequested();
        EquatableArray<string> outputs = model.OutputNames.ToEquatableArray();
        return new NetworkPlanner(Rewriter.Rewrite(model), isa, catalog ?? AlgorithmCatalog.All).Plan(outputs);
    }

    private NetworkPlan Plan(EquatableArray<string> outputNames)
    {
        for (int i = 0; i < _model.Nodes.Count; i++) Choose(i);
        foreach (int output in _model.Outputs) Require(output, new Need(Form.Dense));
        _slices = new ConcatSlices(_model, _isa.Lanes(), i => _choices[i] is not null && _forms[i] == Form.Blocked);
        _slices.ShareBorders(value => View(value, Form.Blocked).Border, (value, border) => Require(value, new Need(Form.Blocked, border)));

        for (int i = 0; i < _model.Nodes.Count && _fuses; i++) Fuse(i);

        int input = 0;
        for (int i = 0; i < _model.Nodes.Count; i++)
        {
            Node node = _model.Nodes[i];
            switch (node.Layer)
            {
                case Input:
                    Store(i, TensorView.Dense(node.Shape), new Buffer(0, 0) { Place = new Place(Memory.Input, input++) });
                    break;
                case Parameter:
                    long offset = AddWeights(node.Name, DenseRecipe.Of(node, []));
                    Store(i, TensorView.Dense(node.Shape), new Buffer(0, 0) { Place = new Place(Memory.Weights, offset) });
                    break;
                case Reshape:
                    Store(i, TensorView.Dense(node.Shape), Read(node.Inputs[0], Form.Dense).Buffer);
                    _remaining[node.Inputs[0]]--;
                    break;
                case var _ when _fusions.Values.Any(fusion => fusion.First == i):
                    break;
                default:
                    AddSteps(i);
                    break;
            }
        }

        for (int k = 0; k < _model.Outputs.Count; k++) AddOutput(_model.Outputs[k], k);
        long workspace = MemoryPlanner.Place(_workspace.Where(b => b.Place.Memory == Memory.None).ToArray());
        return new NetworkPlan(_model, outputNames, _isa, DistinctNames(Finish(_steps)), _weights.ToEquatableArray(), workspace, _weightBytes)
        {
            Refusals = _chooser.Refusals.ToEquatableArray(),
        };
    }

    /// <summary>Chooses the algorithm of a node, whose producers have theirs, and notes what it needs of them.</summary>
    private void Choose(int index)
    {
        Node node = _model.Nodes[index];
        if (node.Layer is Input or Parameter) return;
        if (node.Layer is Reshape)
        {
            Require(node.Inputs[0], new Need(Form.Dense));
            return;
        }

        Choice choice = _chooser.Choose(new LayerContext(
            node,
            _model.InputShapes(node).ToEquatableArray(),
            node.Inputs.Select(i => _forms[i]).ToArray(),
            _isa)
        {
            Manifest = _model.Manifest,
            InputGrids = node.Inputs.Select(i => _grids[i]).ToArray(),
            Readers = _model.Nodes.Where(reader => reader.Inputs.Contains(index)).Select(reader => reader.Layer).ToArray(),
        });
        _choices[index] = choice;
        _forms[index] = choice.Claim.Output;
        for (int i = 0; i < node.Inputs.Count; i++) Require(node.Inputs[i], choice.Claim.Inputs[i]);
    }

    private void Require(int value, Need need)
    {
        _borders.TryGetValue((value, need.Form), out Border border);
        _borders[(value, need.Form)] = border.Max(need.Border);
    }

    /// <summary>Finds out whether a layer is computed together with the one whose value it alone reads.</summary>
    private void Fuse(int index)
    {
        if (_choices[index] is null || _model.Nodes[index].Inputs.Count == 0) return;
        int value = _model.Nodes[index].Inputs[0];
        if (_choices[value] is null || _remaining[value] > 1) return;
        IReadOnlyList<KernelCall> first = Calls(value), second = Calls(index);
        if (first.Count == 1 && second.Count == 1 && FusedAlgorithm.Fuse(View(value, _forms[value]), first[0], second[0]) is { } call)
            _fusions.Add(index, new Fusion(value, call));

        IReadOnlyList<KernelCall> Calls(int node) => _choices[node]!.Claim.Plan([.. Reads(node).Select(read => View(read.Value, read.Form))], View(node, _forms[node]));
    }

    /// <summary>What a layer reads, and in which forms.</summary>
    private IEnumerable<(int Value, Form Form)> Reads(int index) => _model.Nodes[index].Inputs.Zip(_choices[index]!.Claim.Inputs, (value, need) => (value, need.Form));

    /// <summary>The view a value has, or would have, in a form.</summary>
    private TensorView View(int value, Form form)
    {
        _borders.TryGetValue((value, form), out Border border);
        return form == Form.Dense
            ? TensorView.Dense(_model.Nodes[value].Shape)
            : new TensorView(_model.Nodes[value].Shape, form, border, form == Form.Blocked ? _isa.Lanes() : 1);
    }

    /// <summary>The value in a form; converts it where it does not exist in that form yet.</summary>
    private (TensorView View, Buffer Buffer) Read(int value, Form form)
    {
        if (_stored.TryGetValue((value, form), out (TensorView View, Buffer Buffer) stored))
        {
            stored.Buffer.Last = Math.Max(stored.Buffer.Last, _steps.Count);
            return stored;
        }

        (TensorView from, Buffer source) = Read(value, _forms[value]);
        TensorView to = View(value, form);
        if (from.IsSameMemory(to))
        {
            Store(value, to, source);
            return Read(value, form);
        }

        Node node = _model.Nodes[value];
        Buffer target = NewBuffer(to);
        _steps.Add(new PendingStep(
            node.Name, $"{from.Describe()} to {to.Describe()}", node.Shape, ChangeOfForm,
            FormChange.Plan(_isa, from, to, CodeGrid.Of(_grids[value])), source, null, null, target, to, ClearsBorder: !to.Border.IsEmpty, 0)
        {
            Cycles = Sharing.Cycles(null, 1, 0, from.Bytes + to.Bytes),
            BorderByte = BorderByte(value, to),
        });
        Store(value, to, target);
        return Read(value, form);
    }

    private void AddSteps(int index)
    {
        Node node = _model.Nodes[index];
        Choice choice = _choices[index]!;
        _fusions.TryGetValue(index, out Fusion? fusion);
        (int Value, Form Form)[] reads = fusion is null ? [.. Reads(index)] : [.. Reads(fusion.First), .. Reads(index).Skip(1)];
        (TensorView View, Buffer Buffer)[] inputs = reads.Select(read => Read(read.Value, read.Form)).ToArray();
        foreach ((_, Buffer buffer) in inputs) buffer.Last = Math.Max(buffer.Last, _steps.Count);
        foreach ((int value, _) in reads) _remaining[value]--;

        TensorView output = View(index, _forms[index]);
        bool inPlace = choice.Claim.InPlace && _slices.Of(index) is null && !inputs[0].Buffer.IsShared && inputs[0].View == output with { Shape = inputs[0].View.Shape }
            && inputs[0].Buffer.Place.Memory == Memory.None && IsDead(inputs[0].Buffer);
        KernelCall[] calls = fusion is not null ? [fusion.Call] : choice.Claim.Plan(inputs.Select(i => i.View).ToArray(), output)
            .Where(call => node.Layer is not Concat || !_slices.IsInPlace(index, call.Input, node.Inputs[call.Input])).ToArray();
        Buffer target = inPlace ? inputs[0].Buffer : NewBuffer(index, output);
        int[] layers = fusion is null ? [index] : [fusion.First, index];
        string name = string.Join(" + ", layers.Select(i => _model.Nodes[i].Name)), description = string.Join(", then ", layers.Select(i => Describe(_model.Nodes[i])));
        string reason = (fusion is null ? "" : "what lies between stays in the cache; ") + string.Join("; ", layers.Select(i => _choices[i]!.Reason)) + (inPlace ? ", in place" : "");
        Dictionary<Temporary, Buffer> temporaries = [];
        bool written = inPlace;
        long macs(int layer) => _model.Nodes[layer].Layer.Macs(_model.InputShapes(_model.Nodes[layer]), _model.Nodes[layer].Shape);
        for (int c = 0; c < calls.Length; c++)
        {
            KernelCall call = calls[c];
            foreach ((_, Buffer buffer) in inputs) buffer.Last = Math.Max(buffer.Last, _steps.Count);
            target.Last = Math.Max(target.Last, _steps.Count);
            (long Offset, long Bytes)? weights = call.Weights is { } recipe ? (AddWeights(name, recipe), recipe.Bytes) : null;
            _steps.Add(new PendingStep(
                name, calls.Length == 1 ? description : $"{description} [{c + 1}/{calls.Length}]", node.Shape, reason, call.Kernel,
                call.Source is { } source ? Use(source) : call.Input < 0 ? null : inputs[call.Input].Buffer,
                call.Second < 0 ? null : inputs[call.Second].Buffer,
                weights, call.Target is { } result ? Use(result) : target, output, ClearsBorder: !written && call.Target is null && !output.Border.IsEmpty,
                c == calls.Length - 1 ? layers.Sum(macs) : 0)
            {
                Third = call.Third is { } third ? Use(third) : null,
                Amplification = choice.Claim.Amplification,
                Cycles = layers.Sum(i => Sharing.Cycles(_choices[i]!.Claim.Cost, calls.Length, macs(i), Bytes(call) / layers.Length)),
                BorderByte = BorderByte(index, output),
            });
            written |= call.Target is null;
        }

        long Bytes(KernelCall call) => (call.Source?.Bytes ?? (call.Input < 0 ? 0 : inputs[call.Input].View.Bytes))
            + (call.Second < 0 ? 0 : inputs[call.Second].View.Bytes) + (call.Third?.Bytes ?? 0) + (call.Weights?.Bytes ?? 0) + (call.Target?.Bytes ?? output.Bytes);

        Buffer Use(Temporary temporary)
        {
            if (!temporaries.TryGetValue(temporary, out Buffer? buffer))
            {
                buffer = new Buffer(temporary.Bytes, _steps.Count);
                _workspace.Add(buffer);
                temporaries.Add(temporary, buffer);
            }

            buffer.Last = _steps.Count;
            return buffer;
        }

        Store(index, output, target);
    }

    /// <summary>What stands for 0 in a view of a value.</summary>
    private int BorderByte(int value, TensorView view) => view.Form == Form.Codes ? CodeGrid.Of(_grids[value])!.Zero : 0;

    /// <summary>Nobody reads any value in this buffer any more.</summary>
    private bool IsDead(Buffer buffer) => _stored.All(s => s.Value.Buffer != buffer || _remaining[s.Key.Value] == 0);

    /// <summary>Lets the output's buffer be the caller's memory, or copies where it cannot be.</summary>
    private void AddOutput(int value, int number)
    {
        (TensorView view, Buffer buffer) = Read(value, Form.Dense);
        if (buffer.Place.Memory == Memory.None && !buffer.IsShared)
        {
            buffer.Place = new Place(Memory.Output, number);
            return;
        }

        Node node = _model.Nodes[value];
        Buffer target = new(view.Bytes, _steps.Count) { Place = new Place(Memory.Output, number) };
        _steps.Add(new PendingStep(
            node.Name, "copy to the output", node.Shape, "the value exists elsewhere already",
            FormChange.Plan(_isa, view, view, grid: null), buffer, null, null, target, view, false, 0)
        {
            Cycles = Sharing.Cycles(null, 1, 0, 2 * view.Bytes),
        });
    }

    private void Store(int value, TensorView view, Buffer buffer) => _stored[(value, view.Form)] = (view, buffer);

    /// <summary>Memory for a value in the form its algorithm writes.</summary>
    private Buffer NewBuffer(int value, TensorView view)
    {
        if (_concats.TryGetValue(value, out Buffer? begun)) return begun;
        if (_slices.Of(value) is not { } slice) return NewBuffer(view);
        TensorView whole = View(slice.Concat, Form.Blocked);
        if (!_concats.TryGetValue(slice.Concat, out Buffer? buffer)) _concats.Add(slice.Concat, buffer = NewBuffer(slice.Concat, whole));
        return buffer.Slice((long)slice.Block * whole.BlockBytes, view.Bytes, _steps.Count);
    }

    private Buffer NewBuffer(TensorView view)
    {
        Buffer buffer = new(view.Bytes, _steps.Count);
        _workspace.Add(buffer);
        return buffer;
    }

    /// <summary>The steps with their places, and which of them threads share.</summary>
    private static IEnumerable<StepPlan> Finish(IReadOnlyList<PendingStep> steps) =>
        steps.Zip(Sharing.Choose(steps.Select(s => (s.Cycles, s.Kernel.Units)).ToArray()), (step, shared) => step.Finish() with { Shared = shared });

    /// <summary>Numbers kernels that differ in more than their names tell.</summary>
    private static EquatableArray<StepPlan> DistinctNames(IEnumerable<StepPlan> steps)
    {
        Dictionary<KernelPlan, KernelPlan> named = [];
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        return steps.Select(step => step with { Kernel = Named(step.Kernel) }).ToEquatableArray();

        KernelPlan Named(KernelPlan kernel)
        {
            if (named.TryGetValue(kernel, out KernelPlan? known)) return known;
            string name = kernel.Name;
            for (int i = 2; !taken.Add(name); i++) name = FormattableString.Invariant($"{kernel.Name}_{i}");
            return named[kernel] = kernel.WithCallees(Named) with { Name = name };
        }
    }

    private long AddWeights(string layer, PackRecipe recipe)
    {
        long offset = _weightBytes;
        _weights.Add(new PackedWeights(layer, recipe, offset));
        _weightBytes += Alignment.Up(recipe.Bytes);
        return offset;
    }

    private static string Describe(Node node)
    {
        string text = (node.Layer.Kind + " " + node.Layer.Describe()).Trim();
        if (node.Epilogue.Norm is not null) text += " + BatchNorm";
        if (node.Epilogue.Residual) text += " + Add";
        if (node.Epilogue.Activation is { } activation) text += " + " + (activation.Kind + " " + activation.Describe()).Trim();
        return text;
    }

    /// <summary>A layer is computed together with the <paramref name="First"/>, whose value it alone reads.</summary>
    private sealed record Fusion(int First, KernelCall Call);

    /// <summary>A step whose buffers have no place yet.</summary>
    private sealed record PendingStep(
        string Layer, string Description, TensorShape Shape, string Reason, KernelPlan Kernel, Buffer? Input, Buffer? Second,
        (long Offset, long Bytes)? Weights, Buffer Output, TensorView View, bool ClearsBorder, long Macs)
    {
        public Buffer? Third { get; init; }

        public double Amplification { get; init; } = 1;

        /// <summary>The estimated work.</summary>
        public double Cycles { get; init; }

        public int BorderByte { get; init; }

        public StepPlan Finish() => new(
            Layer, Description, Shape, Reason, Kernel, Input?.Place ?? Place.None, Second?.Place ?? Place.None,
            Weights is { } w ? new Place(Memory.Weights, w.Offset) : Place.None, Weights?.Bytes ?? 0, Output.Place, View, ClearsBorder, Macs)
        {
            Third = Third?.Place ?? Place.None,
            Amplification = Amplification,
            BorderByte = BorderByte,
        };
    }
}
