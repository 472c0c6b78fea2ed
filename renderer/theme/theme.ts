import {
  ActionIcon,
  Badge,
  Button,
  createTheme,
  Menu,
  Modal,
  NumberInput,
  Paper,
  SegmentedControl,
  Select,
  Tabs,
  Textarea,
  TextInput,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#e6f4f5',
  '#d2e8ea',
  '#a5d2d7',
  '#75bac2',
  '#4ca5af',
  '#2a8d99',
  '#147683',
  '#0b5f6b',
  '#084d57',
  '#053b43',
]

/** Mantine draws its light and dark grounds, lines and texts from these two; they follow tokens.css. */
const gray: MantineColorsTuple = [
  '#f3f4f1',
  '#e9ebe6',
  '#dfe2dc',
  '#d5d9d2',
  '#bcc3bc',
  '#9fa8a1',
  '#868f89',
  '#525d59',
  '#36403c',
  '#1a211f',
]
const dark: MantineColorsTuple = [
  '#e3e8e6',
  '#c3cccb',
  '#9fabab',
  '#6c797e',
  '#3a454a',
  '#2b3438',
  '#20272b',
  '#191e21',
  '#121618',
  '#0d1012',
]

/** Mantine's components in Assay's palette and scale; the colours themselves stand in tokens.css. */
export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, gray, dark },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '0.78125rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontFamily: 'var(--font)',
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.25' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.35' },
      h3: { fontSize: '0.8125rem', lineHeight: '1.4' },
    },
  },
  spacing: { xs: '0.375rem', sm: '0.625rem', md: '0.875rem', lg: '1.25rem', xl: '2rem' },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  defaultRadius: 'sm',
  focusRing: 'auto',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', size: 'md', color: 'gray' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'xs' } }),
    NumberInput: NumberInput.extend({ defaultProps: { size: 'xs' } }),
    Select: Select.extend({ defaultProps: { size: 'xs', checkIconPosition: 'right' } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs' } }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', radius: 'sm' } }),
    Paper: Paper.extend({ defaultProps: { withBorder: true } }),
    Modal: Modal.extend({ defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 } } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md' } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 250,
        withArrow: true,
        multiline: true,
        maw: 340,
        events: { hover: true, focus: true, touch: true },
      },
    }),
  },
})

/** Points Mantine's own names at the tokens, so that a component and a hand-made element agree in both themes. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--canvas)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--dim)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-placeholder': 'var(--dim)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-color-petrol-light': 'var(--accent-soft)',
    '--mantine-color-petrol-light-color': 'var(--accent)',
    '--mantine-color-petrol-outline': 'var(--accent)',
    '--mantine-color-gray-text': 'var(--dim)',
  }
  return { variables: {}, light: shared, dark: shared }
}
