namespace CnnCodegen.Execution;

/// <summary>
/// Tensors as generated programs list them. The first load compiles the program that holds the list: that takes no time for a text, and a
/// millisecond or two where each tensor is an expression.
/// </summary>
public static class TensorTable
{
    /// <summary>Reads a table.</summary>
    /// <param name="text">A line for each tensor: its name and, unless it is a scalar, a space and its dimensions, for example <c>conv1.weight 64x3x7x7</c>.</param>
    public static TensorInfo[] Read(string text)
    {
        string[] lines = text.Split('\n');
        TensorInfo[] tensors = new TensorInfo[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            int space = line.IndexOf(' ');
            tensors[i] = space < 0 ? new TensorInfo(line, []) : new TensorInfo(line.Substring(0, space), Dimensions(line, space + 1));
        }
        return tensors;
    }

    /// <summary>By hand: a parser of the base class library would ask for the current culture first.</summary>
    private static int[] Dimensions(string line, int begin)
    {
        int rank = 1;
        for (int i = begin; i < line.Length; i++)
            if (line[i] == 'x') rank++;
        int[] dimensions = new int[rank];
        for (int i = begin, d = 0; i < line.Length; i++)
        {
            if (line[i] == 'x') d++;
            else dimensions[d] = (dimensions[d] * 10) + (line[i] - '0');
        }
        return dimensions;
    }
}
