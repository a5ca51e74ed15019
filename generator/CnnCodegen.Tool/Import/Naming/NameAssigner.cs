using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import.Rewrites;

namespace CnnCodegen.Tool.Import.Naming;

/// <summary>
/// Chooses the names of all layers: those of the weights first, then the file's own where they tell something, otherwise the
/// kind and a number. A layer that only the next one reads goes without a name where the attribute language allows it.
/// </summary>
internal sealed class NameAssigner
{
    private readonly IReadOnlyList<Draft> _drafts;
    private readonly IReadOnlyList<Draft> _outputs;
    private readonly OnnxNames _onnx;
    private readonly Dictionary<Draft, int> _reads;
    private readonly AttributeForm[] _forms;
    private readonly HashSet<Draft> _splitParts = [];
    private readonly string[] _names;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    private NameAssigner(IReadOnlyList<Draft> drafts, IReadOnlyList<Draft> outputs)
    {
        (_drafts, _outputs) = (drafts, outputs);
        _onnx = new OnnxNames(drafts, outputs);
        _reads = Rewriter.CountReads(drafts, outputs);
        _forms = [.. drafts.Select(d => AttributeForm.Of(d.Layer, d.Inputs.Length > 0 ? d.Inputs[0].Shape : default))];
        _names = new string[drafts.Count];
    }

    /// <summary>One name for each layer of <paramref name="drafts"/>, which are in the order in which they will be written.</summary>
    public static IReadOnlyList<string> Assign(IReadOnlyList<Draft> drafts, IReadOnlyList<Draft> outputs) => new NameAssigner(drafts, outputs).Assign();

    private IReadOnlyList<string> Assign()
    {
        NameSplits();
        bool[] attached = [.. _drafts.Select((_, i) => IsAttached(i))];
        bool[] numbered = [.. _drafts.Select((_, i) => IsNumbered(i, attached))];

        // Counted names come first: nothing else may take them.
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        for (int i = 0; i < _names.Length; i++)
        {
            if (!numbered[i]) continue;
            string kind = _forms[i].Kind;
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            _names[i] = FormattableString.Invariant($"{kind}{counts[kind]}");
            _taken.Add(_names[i]);
        }

        ImplicitNames reader = new();
        for (int i = 0; i < _names.Length; i++)
        {
            string kind = _forms[i].Kind;
            if (attached[i])
            {
                _names[i] = reader.Attached(kind);
                reader.Attach(_names[i]);
                _taken.Add(_names[i]);
                continue;
            }

            _names[i] ??= Free(_onnx[_drafts[i]], kind, counts);
            reader.Declare(_names[i]);
        }

        return _names;
    }

    private bool IsAttached(int i)
    {
        Draft draft = _drafts[i];
        if (_forms[i].Naming != UnnamedForm.Attached || HasOwnName(draft) || !ReadsBefore(i)) return false;
        Draft before = _drafts[i - 1];
        return _reads[before] == 1 && before.Layer is not (Input or Parameter);
    }

    private bool IsNumbered(int i, bool[] attached)
    {
        if (_forms[i].Naming != UnnamedForm.Numbered || HasOwnName(_drafts[i]) || !ReadsBefore(i)) return false;
        int tail = i;
        while (tail + 1 < _drafts.Count && attached[tail + 1]) tail++;
        if (_reads[_drafts[tail]] != 1) return false;
        return tail + 1 == _drafts.Count ? _outputs.Count == 1 : _drafts[tail + 1].Inputs.Length == 1 && ReadsBefore(tail + 1);
    }

    private bool ReadsBefore(int i) =>
        i > 0 && _drafts[i].Inputs.Length == 1 && _drafts[i].Inputs[0] == _drafts[i - 1] && !_splitParts.Contains(_drafts[i - 1]);

    /// <summary>Whether its tensors, or the graph output it is, have a name that must stay.</summary>
    private bool HasOwnName(Draft draft) =>
        OnnxNames.WeightPrefix(draft).Length > 0 || (_outputs.Contains(draft) && OnnxNames.IsTelling(draft.ValueName));

    private void NameSplits()
    {
        (Layer, Draft?, TensorShape)[] layers = [.. _drafts.Select(d => (d.Layer, d.Inputs.FirstOrDefault(), d.Inputs.FirstOrDefault()?.Shape ?? default))];
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        for (int i = 0; i < layers.Length; i++)
        {
            if (SplitGroup.At(layers, i) is not { } split) continue;
            string name = Free(_drafts[i].OpType == "Split" ? _onnx[_drafts[i]] : "", "split", counts);
            for (int part = 0; part < split.Sizes.Length; part++)
            {
                _names[i + part] = FormattableString.Invariant($"{name}.{part}");
                _taken.Add(_names[i + part]);
                _splitParts.Add(_drafts[i + part]);
            }

            i += split.Sizes.Length - 1;
        }
    }

    private string Free(string wanted, string kind, Dictionary<string, int> counts)
    {
        string name = wanted;
        for (int i = 2; wanted.Length > 0 && _taken.Contains(name); i++) name = FormattableString.Invariant($"{wanted}_{i}");
        while (name.Length == 0 || _taken.Contains(name))
        {
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            name = FormattableString.Invariant($"{kind}{counts[kind]}");
        }

        _taken.Add(name);
        return name;
    }
}
