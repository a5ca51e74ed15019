using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Planning;

/// <summary>
/// Which values lie, from the start, where a concatenation of channels would copy them: as slices of its buffer. That needs one image,
/// channel blocks that end where the value does, and a producer that makes the value in blocks; a value lies in one place only.
/// </summary>
internal sealed class ConcatSlices
{
    private readonly Dictionary<int, (int Concat, int Input, int Block)> _slices = [];

    /// <param name="model">The network.</param>
    /// <param name="lanes">Channels of a block.</param>
    /// <param name="isBlocked">Whether a node makes a new value in blocks.</param>
    public ConcatSlices(NetworkModel model, int lanes, Func<int, bool> isBlocked)
    {
        // The last concatenation first: of those that read a value, it is the one whose buffer holds the others.
        for (int concat = model.Nodes.Count - 1; concat >= 0; concat--)
        {
            Node node = model.Nodes[concat];
            if (node.Layer is not Concat { Axis: 1 } || !isBlocked(concat) || node.Shape[0] != 1) continue;
            int channel = 0;
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                int value = node.Inputs[i], channels = model.Nodes[value].Shape[1];
                bool whole = channel % lanes == 0 && (channels % lanes == 0 || i == node.Inputs.Count - 1);
                if (whole && isBlocked(value) && !_slices.ContainsKey(value)) _slices.Add(value, (concat, i, channel / lanes));
                channel += channels;
            }
        }
    }

    /// <summary>The concatenation whose buffer holds the value, and from which channel block on; null if it has a buffer of its own.</summary>
    public (int Concat, int Block)? Of(int value) => _slices.TryGetValue(value, out (int Concat, int Input, int Block) slice) ? (slice.Concat, slice.Block) : null;

    /// <summary>Whether a concatenation finds this value, its input of that number, in its place; a value that it joins several times lies in only one of them.</summary>
    public bool IsInPlace(int concat, int input, int value) =>
        _slices.TryGetValue(value, out (int Concat, int Input, int Block) slice) && (slice.Concat, slice.Input) == (concat, input);

    /// <summary>Gives a concatenation and its slices the widest of their borders.</summary>
    /// <param name="border">The border that a value needs.</param>
    /// <param name="widen">Called for each value whose border has to be wider.</param>
    public void ShareBorders(Func<int, Border> border, Action<int, Border> widen)
    {
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (KeyValuePair<int, (int Concat, int Input, int Block)> slice in _slices)
            {
                Border shared = border(slice.Key).Max(border(slice.Value.Concat));
                foreach (int value in (int[])[slice.Key, slice.Value.Concat])
                {
                    if (border(value) == shared) continue;
                    widen(value, shared);
                    changed = true;
                }
            }
        }
    }
}
